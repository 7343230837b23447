// Makes an element. Text always goes in as a text node: nothing that comes from an article can become markup.
const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => typeof child === "string" || child instanceof Node));
  return made;
};

// Components of the page talk through events of the document, and note on the room what all must know.
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`citespan:${name}`, { detail }));
const hear = (name, react) => document.addEventListener(`citespan:${name}`, (event) => react(event.detail));
const room = element.closest("#citespan");

// What every event says: which conversation it is about, and what of it this page shows.
const shown = () => ({
  visit: Number(room.dataset.visit || 0),
  conversation: room.dataset.conversation || "",
  last: Number(room.dataset.last || 0),
});

// Another conversation begins, or a new one: what is still under way for the one before is not drawn any more.
const visit = (conversation) => {
  room.dataset.visit = String(shown().visit + 1);
  room.dataset.conversation = conversation;
  room.dataset.last = "0";
};

// A place to open, for the reading pane, which waits for the last one that was asked for.
const wanted = (key) => {
  room.dataset.click = String(Number(room.dataset.click || 0) + 1);
  return { ...shown(), key, click: Number(room.dataset.click) };
};

const copy = async (text) => {
  if (navigator.clipboard && isSecureContext) return navigator.clipboard.writeText(text);
  const area = make("textarea", { class: "offscreen", "aria-hidden": "true" });
  area.value = text;
  room.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};

// A button that copies, and says for a moment that it did.
const copier = (text, label, style) => {
  const button = make("button", { type: "button", class: style }, label);
  button.addEventListener("click", async () => {
    await copy(typeof text === "function" ? text() : text);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
};
