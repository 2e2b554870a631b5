/** Opens what a link points into: a fold stays shut otherwise, and the reader sees nothing. */
export function startFilter(): void {
  const openTarget = (): void => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement?.closest("details"))
      fold.open = true;
    target?.scrollIntoView();
  };
  window.addEventListener("hashchange", openTarget);
  if (location.hash !== "") openTarget();
}
