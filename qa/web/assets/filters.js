const [state, source, since, until, percent, percentShown, cost] =
  ["state", "source", "since", "until", "percent", "percent-shown", "cost"].map((name) => element.querySelector(`.${name}`));
let touched = false;

const usual = () => props.value?.percent ?? 0;

// What of the last evaluation this percentage answers, and how much of that is right.
const costOf = (least) => {
  const measured = props.value?.measured;
  if (!measured) return "What that costs is known after `citespan eval FILE`.";
  const right = measured.precision[least];
  return `Answers ${measured.coverage[least]}% of questions` +
    (right === null ? "" : `, ${right}% of them rightly`) + ` (${measured.on}).`;
};

const isNarrowed = () => Boolean(source.value || since.value || until.value);

const note = () => {
  const least = Number(percent.value);
  const days = since.value || until.value ? `${since.value || "…"} to ${until.value || "…"}` : "Any date";
  const measured = props.value?.measured;
  state.replaceChildren(
    ...[source.value || "All sources", days, `At least ${least}% sure` + (measured ? ` · answers ${measured.coverage[least]}%` : "")]
      .map((words) => make("span", { class: "pill", dir: "auto" }, words)));
  percentShown.textContent = `${least}%`;
  cost.textContent = costOf(least);
  room.dataset.narrowed = String(isNarrowed());
  room.dataset.filters = JSON.stringify({
    source: source.value || null, since: since.value || null, until: until.value || null,
    percent: touched ? least : null,
  });
};

const reset = () => {
  source.value = since.value = until.value = "";
  touched = false;
  percent.value = String(usual());
  note();
};

const render = () => {
  const { outlets = [], days = [] } = props.value || {};
  const chosen = source.value;
  source.replaceChildren(
    make("option", { value: "" }, "All sources"),
    ...outlets.map(({ name, count }) => make("option", { value: name }, `${name} (${count})`)));
  source.value = outlets.some(({ name }) => name === chosen) ? chosen : "";
  for (const day of [since, until]) [day.min, day.max] = days.length ? days : ["", ""];
  if (!touched) percent.value = String(usual());
  note();
};

percent.addEventListener("input", () => { touched = true; });
element.querySelector(".controls").addEventListener("input", note);
element.querySelector(".reset").addEventListener("click", reset);
hear("widen", () => { source.value = since.value = until.value = ""; note(); });
watch("value", render);
render();
