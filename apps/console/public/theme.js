// Before anything is painted: a person who chose a theme must not see the other one first.
(function () {
  try {
    var theme = JSON.parse(localStorage.getItem('pycell.settings') || '{}').theme;
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is blocked or holds something else: the system's theme it is.
  }
})();
