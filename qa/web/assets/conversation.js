const turns = element.querySelector(".turns");
const drawn = [];
let active = "";

const cut = (parts) =>
  parts.map(({ text, kind }) => make(kind === "span" ? "mark" : "span", {}, text));

const opener = (key, style, label, ...inside) =>
  make("button", { type: "button", class: `opens ${style}`, "data-key": key, "aria-pressed": "false", "aria-label": label }, ...inside);

const told = (title, details) => [title, details].filter(Boolean).join(", ");

const citation = ({ key, number, title, details }) =>
  opener(key, "cite", `Open citation ${number}: ${told(title, details)}`,
    make("b", {}, String(number)),
    make("span", { class: "reference" },
      make("span", { class: "title", dir: "auto" }, title),
      details && make("span", { class: "details" }, details)));

const runnerUp = ({ key, text, percent, title, details }) =>
  make("li", {},
    opener(key, "other", `Open ${text}: ${told(title, details)}`,
      make("span", { class: "words", dir: "auto" }, text),
      make("span", { class: "details" }, `${percent}% · ${title}`)));

const passage = ({ key, rank, score, excerpt, title, details }, scored) =>
  make("li", {},
    opener(key, "passage", `Open passage ${rank}: ${told(title, details)}`,
      make("span", { class: "excerpt", dir: "auto" }, excerpt),
      make("span", { class: "details" },
        make("span", { class: "title", dir: "auto" }, title),
        details && make("span", {}, details),
        scored && make("span", { class: "score" }, `score ${score}`))));

const folded = (summary, ...inside) => make("details", {}, make("summary", {}, summary), ...inside);

const more = (card, othersCalled) =>
  make("div", { class: "more" },
    card.others.length ? folded(othersCalled, make("ol", { class: "others" }, card.others.map(runnerUp))) : null,
    card.searched.length
      ? folded("What I searched", make("ol", { class: "passages" }, card.searched.map((one) => passage(one, true))))
      : null,
    make("span", { class: "took" }, card.took));

const understood = ({ understood: words }) =>
  words ? make("p", { class: "understood" }, "Understood as ", make("i", { dir: "auto" }, words)) : null;

const CARDS = {
  answer: (card) =>
    make("section", { class: "card answer", "aria-label": "Answer" },
      understood(card),
      make("p", { class: card.span.length > 70 ? "span long" : "span", dir: "auto" },
        make("span", { class: "words" }, card.span), make("sup", {}, card.numbers.join(" "))),
      make("blockquote", { class: card.quoted ? "sentence quoted" : "sentence", dir: "auto" }, cut(card.sentence)),
      make("p", { class: `sure ${card.level}` }, card.sure),
      make("div", { class: "cites" }, card.citations.map(citation)),
      more(card, `Other candidates (${card.others.length})`)),

  decline: (card) =>
    make("section", { class: "card decline", "aria-label": "No answer" },
      understood(card),
      make("p", { class: "no" },
        make("strong", {}, "Not in your articles."),
        card.unknown.length ? make("span", { dir: "auto" }, ` Nothing here mentions ${card.unknown.join(", ")}.`) : null),
      card.nearest.length
        ? [make("p", { class: "small" }, "The nearest passages, which are not answers:"),
           make("ol", { class: "passages near" }, card.nearest.map((one) => passage(one, false)))]
        : null,
      more(card, card.guess)),

  pending: (card) =>
    make("section", { class: "card pending", "aria-label": "Working", "aria-busy": "true" },
      make("ol", { class: "stages" },
        card.stages.map(({ name, state }) =>
          make("li", { class: state, "aria-current": state === "now" ? "step" : null }, name)))),

  notice: (card) =>
    make("section", { class: "card notice", "aria-label": "Notice" }, make("p", { dir: "auto" }, card.text)),

  report: (card) =>
    make("section", { class: "card report", "aria-label": "Upload" },
      make("p", { class: "no" }, make("strong", {}, card.summary)),
      make("ul", {}, card.lines.map(({ what, name, reason }) =>
        make("li", { class: what },
          make("b", {}, what), make("span", { class: "name", dir: "auto" }, name),
          reason && make("span", { class: "reason", dir: "auto" }, reason)))),
      card.note && make("p", { class: "small" }, card.note)),
};

const turn = (card) =>
  make("div", { class: "turn" },
    card.question && make("p", { class: "question", dir: "auto" }, card.question),
    CARDS[card.kind](card));

const welcome = ({ heading, examples }) =>
  make("div", { class: "welcome" },
    make("h2", {}, heading),
    make("p", {}, "The answer is the exact words of an article, with the article beside them. What no article says gets no answer."),
    examples.length
      ? make("div", { class: "chips", role: "group", "aria-label": "Example questions" },
          examples.map((one) => make("button", { type: "button", class: "chip", dir: "auto" }, one)))
      : null);

const press = (key) => {
  active = key;
  for (const button of turns.querySelectorAll("button.opens")) {
    button.setAttribute("aria-pressed", String(button.dataset.key === key));
  }
};

// The newest turn whole if it fits, else from its question on.
const reveal = () => {
  const last = turns.lastElementChild;
  const top = last.getBoundingClientRect().top - turns.getBoundingClientRect().top + turns.scrollTop;
  const fits = last.offsetHeight + 48 < turns.clientHeight;
  turns.scrollTop = fits ? turns.scrollHeight : top - 12;
};

const keepInView = (button) => {
  const box = button.getBoundingClientRect();
  const frame = turns.getBoundingClientRect();
  if (box.bottom > frame.bottom) turns.scrollTop += box.bottom - frame.bottom + 16;
  if (box.top < frame.top) turns.scrollTop -= frame.top - box.top + 16;
};

// Only what changed is drawn again: opened details, a selection and the place in the conversation stay.
const render = () => {
  const { cards = [] } = props.value || {};
  let changed = false;
  const known = drawn.length;
  if (!cards.length) {
    drawn.length = 0;
    turns.replaceChildren(welcome(props.value));
  } else if (!drawn.length) turns.replaceChildren();
  cards.forEach((card, at) => {
    const now = JSON.stringify(card);
    if (drawn[at] === now) return;
    if (at < drawn.length) turns.children[at].replaceWith(turn(card));
    else turns.append(turn(card));
    drawn[at] = now;
    changed = true;
  });
  press(props.value?.active || active);
  if (changed) reveal();
  if (cards.slice(known).some(({ question }) => question)) tell("taken");
  if (!cards.some(({ kind, question }) => kind === "pending" && question)) tell("idle");
};

turns.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("chip")) return tell("ask", button.textContent);
  press(button.dataset.key);
  trigger("select", { key: button.dataset.key });
});
hear("closed", () => press(""));
// A sheet that opens makes this lower: what is being read stays in view.
new ResizeObserver(() => {
  const pressed = turns.querySelector("[aria-pressed=true]");
  if (pressed && turns.lastElementChild.contains(pressed)) reveal();
  else if (pressed) keepInView(pressed);
}).observe(turns);
watch("value", render);
render();
