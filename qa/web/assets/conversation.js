const turns = element.querySelector(".turns");
const drawn = []; // of each card what was drawn, and the element that shows it
let active = "";

const cut = (parts) =>
  parts.map(({ text, kind }) => make(kind === "span" ? "mark" : "span", {}, text));

const opener = (key, style, label, ...inside) =>
  make("button", { type: "button", class: `opens ${style}`, "data-key": key, "aria-pressed": "false", "aria-label": label }, ...inside);

const told = (title, details) => [title, details].filter(Boolean).join(", ");

const citation = ({ key, number, title, details, preview }) =>
  opener(key, "cite", `Open citation ${number}: ${told(title, details)}`,
    make("b", {}, String(number)),
    make("span", { class: "reference" },
      make("span", { class: "title", dir: "auto" }, title),
      details && make("span", { class: "details" }, details)),
    preview && make("span", { class: "preview", dir: "auto", "aria-hidden": "true" }, preview));

const citations = ({ citations: all }) => {
  const here = all.filter(({ elsewhere }) => !elsewhere);
  const elsewhere = all.filter((one) => one.elsewhere);
  return [
    make("div", { class: "cites" }, here.map(citation)),
    elsewhere.length && make("div", { class: "cites also-in" }, make("span", { class: "small" }, "Also in"), elsewhere.map(citation)),
  ];
};

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

const more = (card, othersCalled, ...tools) =>
  make("div", { class: "more" },
    card.others.length ? folded(othersCalled, make("ol", { class: "others" }, card.others.map(runnerUp))) : null,
    card.searched.length
      ? folded("What I searched", make("ol", { class: "passages" }, card.searched.map((one) => passage(one, true))))
      : null,
    tools,
    make("span", { class: "took" }, card.took));

// What a button of a turn does: ask it again, or put other words in its place.
const wish = (label, name, detail, style = "quiet") => {
  const button = make("button", { type: "button", class: style }, label);
  button.addEventListener("click", () => tell(name, detail));
  return button;
};

const understood = ({ understood: words }, { id }) =>
  words
    ? make("p", { class: "understood" }, "Understood as ", make("i", { dir: "auto" }, words), " ",
        wish("Edit", "edit", { question: words, turn: id }, "quiet edit-understood"))
    : null;

const asked = ({ asked: question }) => (question ? make("p", { class: "asked", dir: "auto" }, question) : null);

const listed = (words) => words.map((word) => `“${word}”`).join(", ");

const mentions = ({ known, unknown }) => {
  if (!unknown.length) return null;
  const knows = known.length ? ` Your articles do mention ${listed(known)}.` : "";
  return make("span", { dir: "auto" }, ` Nothing here mentions ${listed(unknown)}.${knows}`);
};

const widen = ({ id, question }) => {
  const button = make("button", { type: "button", class: "quiet widen" }, "Ask again over all sources and days");
  button.addEventListener("click", () => {
    tell("widen");
    tell("ask", { question, turn: id });
  });
  return button;
};

const CARDS = {
  said: (card) =>
    make("section", { class: "card said", "aria-label": "Reply" }, make("p", { dir: "auto" }, card.text)),

  answer: (card, turn) =>
    make("section", { class: "card answer", "aria-label": "Answer" },
      asked(card),
      understood(card, turn),
      make("p", { class: card.span.length > 70 ? "span long" : "span", dir: "auto" },
        make("span", { class: "words" }, card.span), make("sup", {}, card.numbers.join(" "))),
      make("blockquote", { class: card.quoted ? "sentence quoted" : "sentence", dir: "auto" }, cut(card.sentence)),
      make("p", { class: `sure ${card.level}` }, card.sure),
      citations(card),
      more(card, `Other candidates (${card.others.length})`,
        copier(card.copies.plain, "Copy", "quiet tool"), copier(card.copies.markdown, "Copy Markdown", "quiet tool"))),

  decline: (card, turn) =>
    make("section", { class: "card decline", "aria-label": "No answer" },
      asked(card),
      understood(card, turn),
      make("p", { class: "no" }, make("strong", {}, "Not in your articles."), mentions(card)),
      card.nearest.length
        ? [make("p", { class: "small" }, "The nearest passages, which are not answers:"),
           make("ol", { class: "passages near" }, card.nearest.map((one) => passage(one, false)))]
        : null,
      widen(turn),
      more(card, card.guess)),

  pending: (card) =>
    make("section", { class: "card pending", "aria-label": "Working", "aria-busy": "true" },
      make("ol", { class: "stages" },
        card.stages.map(({ name, state }) =>
          make("li", { class: state, "aria-current": state === "now" ? "step" : null }, name)))),

  notice: (card, { question }) =>
    make("section", { class: "card notice", "aria-label": "Notice" }, make("p", { dir: "auto" }, card.text),
      question && make("p", {}, wish("Ask again", "ask", { question }))),

  report: (card) =>
    make("section", { class: "card report", "aria-label": "Upload" },
      make("p", { class: "no" }, make("strong", {}, card.summary)),
      make("ul", {}, card.lines.map(({ what, name, reason }) =>
        make("li", { class: what },
          make("b", {}, what), make("span", { class: "name", dir: "auto" }, name),
          reason && make("span", { class: "reason", dir: "auto" }, reason)))),
      card.note && make("p", { class: "small" }, card.note)),
};

const turnTools = (turn) =>
  turn.id
    ? make("span", { class: "turn-tools" },
        wish("Edit", "edit", { question: turn.question, turn: turn.id }),
        wish("Ask again", "ask", { question: turn.question, turn: turn.id }))
    : null;

const turn = (card) =>
  make("div", { class: "turn", "data-turn": card.id || null },
    card.question && make("div", { class: "asking-turn" },
      make("p", { class: "question", dir: "auto" }, card.question), turnTools(card)),
    card.parts.map((part) => CARDS[part.kind](part, card)));

const welcome = ({ heading = "", examples = [] }) =>
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
  if (!last) return;
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

// What was sent for a conversation that was left meanwhile is not drawn, unless the reader is back in it.
const isForHere = (view) => {
  const now = shown();
  return view.visit === now.visit || Boolean(view.conversation) && view.conversation === now.conversation;
};

const noteConversation = (view) => {
  room.dataset.conversation = view.conversation;
  const address = view.conversation ? `?conversation=${encodeURIComponent(view.conversation)}` : location.pathname;
  if (!new URLSearchParams(location.search).has("article") || view.cards.length) history.replaceState(history.state, "", address);
  tell("conversation");
};

const put = (card, at) => {
  const now = JSON.stringify(card);
  if (drawn[at]?.now === now) return false;
  const made = turn(card);
  if (drawn[at]) drawn[at].made.replaceWith(made);
  else turns.append(made);
  drawn[at] = { now, made, id: card.id };
  return true;
};

// Only what changed is drawn again: opened details, a selection and the place in the conversation stay.
const render = () => {
  const view = props.value || {};
  if (!view.cards) return tell("idle");
  if (!isForHere(view)) return;
  const count = view.keep + view.cards.length;
  const known = drawn.length;
  turns.querySelector(".welcome")?.remove();
  for (const { made } of drawn.splice(count)) made.remove();
  const changed = view.cards.map((card, at) => put(card, view.keep + at)).some(Boolean);
  if (!count) turns.replaceChildren(welcome(view));
  room.dataset.last = String(drawn.findLast(({ id }) => id)?.id ?? 0);
  noteConversation(view);
  press(view.active || active);
  if (changed) reveal();
  const newest = view.cards.at(-1);
  const isPending = newest?.parts[0]?.kind === "pending";
  if (isPending || newest?.question && view.keep + view.cards.length > known) tell("taken");
  if (!isPending) tell("idle");
};

turns.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.classList.contains("chip")) return tell("ask", { question: button.textContent });
  if (!button?.dataset.key) return;
  press(button.dataset.key);
  trigger("select", wanted(button.dataset.key));
});
hear("closed", () => press(""));
hear("opening", press);
hear("leave", () => {
  for (const { made } of drawn.splice(0)) made.remove();
  turns.replaceChildren();
  active = "";
});
// What is no turn stands where it came, until another conversation is opened.
let report = null;
hear("report", (part) => {
  const made = make("div", { class: "turn" }, CARDS[part.kind](part, {}));
  if (report?.isConnected && report.querySelector(".pending")) report.replaceWith(made);
  else turns.append(made);
  turns.querySelector(".welcome")?.remove();
  report = made;
  reveal();
});
// A sheet that opens makes this lower: what is being read stays in view.
new ResizeObserver(() => {
  const pressed = turns.querySelector("[aria-pressed=true]");
  if (pressed && turns.lastElementChild.contains(pressed)) reveal();
  else if (pressed) keepInView(pressed);
}).observe(turns);
watch("value", render);
render();
