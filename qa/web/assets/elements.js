// Makes an element. Text always goes in as a text node: nothing that comes from an article can become markup.
const make = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => typeof child === "string" || child instanceof Node));
  return made;
};

// Components of the page talk through events of the document.
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(`citespan:${name}`, { detail }));
const hear = (name, react) => document.addEventListener(`citespan:${name}`, (event) => react(event.detail));
