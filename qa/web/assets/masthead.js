const asking = element.querySelector(".asking");
const render = () => {
  const { text = "", place = "" } = props.value || {};
  asking.textContent = text;
  asking.title = place;
};
watch("value", render);
render();
