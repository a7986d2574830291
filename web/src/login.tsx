import { useState } from "preact/hooks";
import { openSession, Problem } from "./api";
import { texts } from "./texts";

export function Login({ usedLink }: { usedLink: boolean }) {
  const [token, setToken] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await openSession({ token: token.trim() });
    } catch (error) {
      setProblem(error instanceof Problem ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <section>
        <img src="/icon.svg" alt="" width="44" height="44" />
        <p class="brandname">{texts.product}</p>
        <h1>{texts.login.title}</h1>
        <p>{texts.login.lead}</p>
        <form onSubmit={(event) => void submit(event)}>
          <label for="token">{texts.login.token}</label>
          <input id="token" type="password" autocomplete="current-password" required value={token} onInput={(event) => setToken(event.currentTarget.value)} />
          <button type="submit" class="primary" disabled={busy}>{texts.login.submit}</button>
          {(problem || usedLink) && <p class="error" role="alert">{problem || texts.login.usedLink}</p>}
        </form>
        <p class="dim">{texts.login.hint}</p>
      </section>
      <div class="login-art" aria-hidden="true">
        <svg viewBox="0 0 400 300"><path class="b" d="M0 60 C 80 70, 110 120, 180 132 S 320 175, 400 182 L 400 232 C 320 230, 260 214, 180 196 S 80 128, 0 78 Z" /><path d="M0 68 C 80 98, 110 150, 180 164 S 320 200, 400 206" /><line x1="132" x2="132" y1="20" y2="280" /><circle cx="132" cy="142" r="6" /></svg>
      </div>
    </main>
  );
}
