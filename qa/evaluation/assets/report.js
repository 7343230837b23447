"use strict";
(() => {
  const filters = document.querySelector(".filters");
  if (!filters) return;
  const mistakes = [...document.querySelectorAll(".mistake")];
  const type = document.getElementById("type");
  const words = document.getElementById("words");
  const shown = document.getElementById("shown");
  const none = document.querySelector(".none");
  const number = new Intl.NumberFormat("en");
  const fold = text => text.normalize("NFKC").toLowerCase();
  let texts;  // made when first searched in: most readers never do

  function apply() {
    const kind = filters.querySelector("input[name=kind]:checked").value;
    const wanted = fold(words.value).split(/\s+/).filter(Boolean);
    if (wanted.length) texts ??= mistakes.map(one => fold(one.textContent));
    let count = 0;
    mistakes.forEach((one, at) => {
      const kept = (!kind || one.dataset.kind === kind) && (!type.value || type.value === `=${one.dataset.type}`)
        && wanted.every(word => texts[at].includes(word));
      one.hidden = !kept;
      count += kept;
    });
    none.hidden = count > 0;
    const all = `${number.format(mistakes.length)} mistake${mistakes.length === 1 ? "" : "s"}`;
    shown.value = count === mistakes.length ? all : `${number.format(count)} of ${all}`;
  }

  filters.addEventListener("input", apply);
  document.getElementById("clear").addEventListener("click", () => {
    filters.querySelector("input[name=kind]").checked = true;
    type.value = words.value = "";
    apply();
  });
  document.addEventListener("keydown", event => {
    const typing = document.activeElement.matches("input[type=search], select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      words.focus();
    }
  });
  filters.hidden = false;
  apply();  // a reload keeps what was chosen
})();
