const list = element.querySelector(".talks");
const find = element.querySelector(".find");
const undo = element.querySelector(".undo");
const exports = element.querySelector(".exports");
let renaming = "";
let deleted = null;

const act = (wish, id = "", text = "") => trigger("select", { ...shown(), do: wish, id, text });

const open = (id) => {
  visit(id);
  tell("leave");
  act("open", id);
};

const choose = (id) => {
  tell("close-drawer");
  open(id);
};

const remove = (one) => {
  deleted = one;
  act("delete", one.id);
  if (one.id === shown().conversation) open("");
};

const nameField = (one) => {
  const field = make("input", { class: "name", "aria-label": "Name of the conversation", value: one.name, maxlength: 60 });
  const end = (keep) => {
    if (!renaming) return;
    renaming = "";
    if (keep && field.value !== one.name) act("rename", one.id, field.value);
    else render();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") end(true);
    if (event.key === "Escape") { event.stopPropagation(); end(false); }
  });
  field.addEventListener("blur", () => end(true));
  return field;
};

const tool = (sign, label, react) => {
  const button = make("button", { type: "button", class: "quiet tool", "aria-label": label, title: label }, sign);
  button.addEventListener("click", react);
  return button;
};

const line = (one) => {
  if (one.id === renaming) return make("li", {}, nameField(one));
  const current = one.id === shown().conversation;
  const button = make("button", { type: "button", class: "talk-line", "aria-current": current ? "page" : null },
    make("span", { class: "name", dir: "auto" }, one.name), make("span", { class: "when" }, one.when));
  button.addEventListener("click", () => choose(one.id));
  return make("li", {}, button,
    tool("✎", `Rename ${one.name}`, () => { renaming = one.id; render(); list.querySelector("input").select(); }),
    tool("✕", `Delete ${one.name}`, () => remove(one)));
};

const renderUndo = (id) => {
  const gone = deleted && deleted.id === id ? deleted : null;
  undo.hidden = !gone;
  if (!gone) return undo.replaceChildren();
  const back = make("button", { type: "button", class: "quiet" }, "Undo");
  back.addEventListener("click", () => { act("restore", gone.id); find.focus(); });
  undo.replaceChildren(make("span", { dir: "auto" }, `Deleted “${gone.name}”. `), back);
};

const render = () => {
  const { conversations = [], query = "", deleted: gone = "" } = props.value || {};
  if (renaming && !conversations.some(({ id }) => id === renaming)) renaming = "";
  list.replaceChildren(...conversations.map(line));
  if (!conversations.length) {
    list.append(make("li", { class: "none" }, query ? "Nothing found." : "Your conversations are kept here."));
  }
  renderUndo(gone);
  exports.hidden = !shown().conversation;
};

let waiting = 0;
find.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => act("search", "", find.value), 200);
});
element.querySelector(".new").addEventListener("click", () => choose(""));
element.querySelector(".shut").addEventListener("click", () => tell("close-drawer"));
exports.addEventListener("click", (event) => {
  const wish = event.target.dataset.do;
  if (wish) act(wish, shown().conversation);
});
hear("drawer", () => element.querySelector(".new").focus());
hear("conversation", () => { if (!renaming) render(); });
watch("value", render);
render();
