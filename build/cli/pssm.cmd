@echo off
rem pssm with the Node.js of the system: the app's own runtime does not run it.
where node >nul 2>nul || (
  echo pssm needs Node.js 20.19 or newer on PATH. It comes from https://nodejs.org. 1>&2
  exit /b 127
)
node -e "const [a, b] = process.versions.node.split(\".\").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)" || (
  echo pssm needs Node.js 20.19 or newer on PATH. It comes from https://nodejs.org. 1>&2
  exit /b 127
)
node "%~dp0pssm.js" %*
