// Run in the page: the texts whose contrast with what is behind them is below what WCAG AA asks for.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parts = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, at) => (part * a + below[at] * (255 - a)) / 255);
  const behind = (element) => {
    const colors = [];
    for (let one = element; one; one = one.parentElement) colors.unshift(parts(getComputedStyle(one).backgroundColor));
    return colors.reduce((below, color) => over(color, below), [255, 255, 255]);
  };
  const light = (color) => {
    const [r, g, b] = color.map((part) =>
      part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (element) => {
    const below = behind(element);
    const style = getComputedStyle(element);
    let own = parts(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    for (let one = element; one; one = one.parentElement)
      own = [...own.slice(0, 3), own[3] * Number(getComputedStyle(one).opacity)];
    const [one, other] = [light(over(own, below)), light(below)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const shows = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest(":disabled, .hidden, .skip, .later, .entry:not(:hover) .icon-button");
  const says = (element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const dialog = document.querySelector("dialog[open]") ?? document.body;
  return [...dialog.querySelectorAll("*")]
    .filter((element) => says(element) && shows(element))
    .map((element) => [element.textContent.trim().slice(0, 30), contrast(element)])
    .filter(([, ratio]) => ratio < 4.5)
    .map(([text, ratio]) => `${text}: ${ratio.toFixed(2)}`);
};
