const pane = element.querySelector(".pane");
const paper = element.querySelector(".paper");
const grip = element.querySelector(".grip");
const label = element.querySelector(".pane-label");
const toMark = element.querySelector(".to-mark");
const marks = element.querySelector(".marks");
const links = element.querySelector(".links");
let closedByReader = false;

const gapsOf = (text, everyLine) => text.split(everyLine ? /(\n\s*)/ : /(\n[^\S\n]*\n\s*)/);

// A break between paragraphs is a block of its own inside the text, so that a mark may run across it unbroken and
// the text on the page stays the text of the article.
const written = (text, everyLine) =>
  gapsOf(text, everyLine).map((part, at) => (at % 2 ? make("span", { class: "gap" }, part) : part));

const TAGS = {
  span: ["mark", { class: "quote" }],
  cited: ["mark", { class: "also" }],
  sentence: ["span", { class: "around" }],
  plain: ["span", {}],
};

const sheet = (view) =>
  view.notice ? make("div", { class: "nothing" }, make("p", {}, view.notice)) :
  make("article", {},
    make("h2", { dir: "auto", class: view.title.length > 100 ? "long" : null }, view.title),
    make("p", { class: "meta", dir: "auto" }, view.meta.join(" · ")),
    make("div", { class: "text" },
      view.segments.map(({ text, kind }) => make(...TAGS[kind], written(text, !view.blank_lines)))));

const nothingYet = () =>
  make("div", { class: "nothing" },
    make("p", {}, "The article behind an answer opens here, at the very words that were quoted."));

const marked = () => paper.querySelector(".quote") || paper.querySelector(".around");

const showMark = (smooth) => {
  const mark = marked();
  if (!mark) return;
  const box = mark.getBoundingClientRect();
  const frame = paper.getBoundingClientRect();
  // A little above the middle, where the eye is; a long passage from its first line.
  const above = Math.max(24, (frame.height - Math.min(box.height, frame.height)) * 0.4);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  paper.scrollTo({ top: paper.scrollTop + box.top - frame.top - above, behavior: smooth && !calm ? "smooth" : "instant" });
};

const isMarkInView = () => {
  const mark = marked();
  if (!mark) return true;
  const box = mark.getBoundingClientRect();
  const frame = paper.getBoundingClientRect();
  return box.bottom > frame.top && box.top < frame.bottom;
};

const offerWayBack = () => { toMark.dataset.shown = String(!isMarkInView()); };

// The quotes of this conversation in the article, one after the other.
const showMarks = ({ at = -1, keys = [] } = {}) => {
  marks.hidden = keys.length < 2 && at >= 0 || !keys.length;
  element.querySelector(".count").textContent = at < 0 ? `${keys.length} quoted` : `${at + 1} of ${keys.length}`;
  const step = (button, to) => {
    button.disabled = to < 0 || to >= keys.length;
    button.onclick = () => {
      tell("opening", keys[to]);
      trigger("select", wanted(keys[to]));
    };
  };
  step(element.querySelector(".before"), at < 0 ? -1 : at - 1);
  step(element.querySelector(".after"), at + 1);
};

const showLinks = ({ link, original }) => {
  links.replaceChildren();
  if (link) links.append(copier(() => `${location.origin}${location.pathname}${link}`, "Copy link", "quiet"));
  if (original) {
    links.append(make("a", { class: "quiet", href: original, target: "_blank", rel: "noopener noreferrer" }, "Original ↗"));
  }
};

const setOpen = (open) => { room.dataset.pane = open ? "open" : "closed"; };

const setTall = (tall) => {
  room.dataset.tall = String(tall);
  grip.setAttribute("aria-expanded", String(tall));
  grip.setAttribute("aria-label", tall ? "Make the article shorter" : "Make the article taller");
};

const render = () => {
  const view = props.value;
  if (view?.click && view.click < Number(room.dataset.click)) return;
  const holds = Boolean(view && (view.segments || view.notice));
  pane.dataset.holds = String(holds);
  label.textContent = holds ? view.label : "";
  showMarks(view?.marks);
  showLinks(view || {});
  paper.replaceChildren(holds ? sheet(view) : nothingYet());
  if (!holds) return setOpen(false);
  if (!view.by_itself) closedByReader = false;
  setOpen(!closedByReader);
  paper.scrollTop = 0;
  showMark(false);
  offerWayBack();
};

const close = () => {
  if (room.dataset.pane !== "open") return;
  closedByReader = true;
  setOpen(false);
  setTall(false);
  tell("closed");
};

element.querySelector(".close").addEventListener("click", close);
toMark.addEventListener("click", () => showMark(true));
grip.addEventListener("click", () => setTall(room.dataset.tall !== "true"));
paper.addEventListener("scroll", offerWayBack, { passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && matchMedia("(max-width: 900px)").matches) close();
});
watch("value", render);
render();
