// Reloads when the sources have another version than this page shows.
const changes = new EventSource('/changes');
changes.addEventListener('version', ({ data }) => {
  if (data !== document.documentElement.dataset.version) location.reload();
});
// A reload while the page is being left would undo the click on a link.
addEventListener('beforeunload', () => changes.close());

// Each window is as high as its email, and scaled down to the width that the page has for it.
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
