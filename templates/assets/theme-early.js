// Sets the remembered theme before the first paint; without one the page follows the system.
try {
  const theme = localStorage.getItem("paperblog-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch (denied) {
  // A browser may refuse storage; then there is nothing to remember.
}
