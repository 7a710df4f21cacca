// Comes back with the emails as they are now whenever this page shows another version of the sources.
const changes = new EventSource('/changes');
changes.addEventListener('version', ({ data }) => {
  if (data !== document.documentElement.dataset.version) location.reload();
});
// Coming back now would undo the click that leads away.
addEventListener('beforeunload', () => changes.close());

// Each window is as high as its email, and as wide on the page as there is room for.
for (const frame of document.querySelectorAll('.screen iframe')) {
  const screen = frame.parentElement;
  const fit = () => {
    const height = frame.contentDocument?.documentElement?.scrollHeight ?? 0;
    const scale = Math.min(1, screen.clientWidth / frame.width);
    frame.height = height;
    frame.style.transform = `scale(${scale})`;
    screen.style.height = `${height * scale}px`;
  };
  frame.addEventListener('load', fit);
  addEventListener('resize', fit);
  fit();
}
