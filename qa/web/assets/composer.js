const form = element.querySelector("form");
const input = form.elements.question;
const go = form.querySelector(".go");
const halt = form.querySelector(".halt");
const editing = form.querySelector(".editing");
let busy = false;
let sent = "";
let ticket = "";
let edited = null;

// What is typed outlives a page that is loaded again, as after a lost connection.
const DRAFT = "citespan-draft";
const keepDraft = () => sessionStorage.setItem(DRAFT, input.value);

const setBusy = (now) => {
  busy = now;
  go.setAttribute("aria-disabled", String(now));
  halt.hidden = !now;
};

const setEdited = (turn) => {
  edited = turn;
  editing.hidden = turn === null;
  editing.querySelector("span").textContent = turn === null ? "" : "Asked anew; what comes after it goes.";
};

// While a question is being worked on, the next one can be typed but waits in the line. A question leaves the line
// once it is in the conversation, so that a lost connection loses none.
const ask = (words, turn = null) => {
  const question = words.trim();
  if (question && !busy) {
    setBusy(true);
    sent = input.value = words;
    keepDraft();
    ticket = `${Date.now()}-${Math.random()}`;
    trigger("submit", { ...shown(), question, edited: turn, ticket, filters: JSON.parse(room.dataset.filters || "{}") });
  }
  input.focus({ preventScroll: true });
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(input.value, edited);
});
halt.addEventListener("click", () => {
  trigger("stop", { ticket });
  input.focus({ preventScroll: true });
});
form.querySelector(".give-up").addEventListener("click", () => {
  input.value = "";
  setEdited(null);
});
hear("ask", ({ question, turn }) => ask(question, turn ?? null));
hear("edit", ({ question, turn }) => {
  setEdited(turn);
  input.value = question;
  input.focus({ preventScroll: true });
});
hear("taken", () => {
  if (sent && input.value === sent) input.value = "";
  sent = "";
  keepDraft();
  setEdited(null);
});
hear("idle", () => setBusy(false));
hear("leave", () => { setBusy(false); setEdited(null); });
input.addEventListener("input", keepDraft);
input.value = sessionStorage.getItem(DRAFT) || "";
setBusy(false);
// A phone would put its keyboard over the page.
if (matchMedia("(hover: hover)").matches) input.focus({ preventScroll: true });
