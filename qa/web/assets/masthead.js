const asking = element.querySelector(".asking");
const drawer = element.querySelector(".drawer");

const setDrawer = (open) => {
  room.dataset.drawer = open ? "open" : "closed";
  drawer.setAttribute("aria-expanded", String(open));
};

const render = () => {
  const { text = "Loading…", place = "" } = props.value || {};
  asking.textContent = text;
  asking.title = place;
};

drawer.addEventListener("click", () => {
  setDrawer(room.dataset.drawer !== "open");
  if (room.dataset.drawer === "open") tell("drawer");
});
hear("close-drawer", () => setDrawer(false));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || room.dataset.drawer !== "open") return;
  setDrawer(false);
  drawer.focus();
});
watch("value", render);
render();
