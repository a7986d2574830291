// Pictures of every page, to be looked at: node shots.mjs ADDRESS TOKEN FOLDER [light|dark|phone]
import { chromium } from "playwright-core";
import { mkdirSync } from "node:fs";

const [, , address, token, folder, only] = process.argv;
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const kinds = {
  light: { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: "light", isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
for (const [kind, options] of Object.entries(kinds).filter(([name]) => !only || name === only)) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") console.log(kind, message.text()); });
  page.on("pageerror", (error) => console.log(kind, "error", error.message));
  await page.goto(address);
  const shot = async (name, full = false) => { await page.waitForLoadState("networkidle"); await page.waitForTimeout(350); await page.screenshot({ path: `${folder}/${name}-${kind}.png`, fullPage: full }); };
  await page.getByLabel("Token").waitFor();
  await shot("login");
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Scoreboard" }).waitFor();
  await page.locator("[data-row]").first().waitFor();
  await shot("scoreboard");
  await page.goto(`${address}/?view=grid`);
  await page.locator("[data-row]").first().waitFor();
  await shot("grid");
  await page.goto(`${address}/?by=concept`);
  await page.locator("[data-row]").first().waitFor();
  const keys = await page.locator("[data-row]").evaluateAll((rows) => rows.slice(0, 3).map((row) => row.dataset.row));
  await page.goto(`${address}/compare?by=concept&${keys.map((key) => `key=${encodeURIComponent(key)}`).join("&")}`);
  await shot("compare", true);
  await page.goto(`${address}/?sort=roas`);
  await page.locator("[data-row] a.name").first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.waitForTimeout(800);
  await shot("creative", true);
  for (const name of ["plan", "learning", "operations", "import"]) {
    await page.goto(`${address}/${name}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForTimeout(700);
    await shot(name, name !== "operations");
  }
  await context.close();
}
await browser.close();
