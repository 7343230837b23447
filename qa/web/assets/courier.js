// What is sent once and shown elsewhere: a report goes into the conversation, a file to the reader's disk.
const save = ({ name, type, text }) => {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = make("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

watch("value", () => {
  const { report, download } = props.value || {};
  if (report) tell("report", report);
  if (download) save(download);
});
