const form = element.querySelector("form");
const input = form.elements.question;
const button = form.querySelector("button");
let busy = false;
let sent = "";

const setBusy = (now) => {
  busy = now;
  button.setAttribute("aria-disabled", String(now));
};

// While a question is being worked on, the next one can be typed but waits in the line. A question leaves the line
// once it is in the conversation, so that a lost connection loses none.
const ask = (words) => {
  const question = words.trim();
  if (question && !busy) {
    setBusy(true);
    sent = input.value = words;
    trigger("submit", { question });
  }
  input.focus({ preventScroll: true });
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(input.value);
});
hear("ask", ask);
hear("taken", () => {
  if (sent && input.value === sent) input.value = "";
  sent = "";
});
hear("idle", () => setBusy(false));
setBusy(false);
// A phone would put its keyboard over the page.
if (matchMedia("(hover: hover)").matches) input.focus({ preventScroll: true });
