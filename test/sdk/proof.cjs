// Runs the steps of a proof one after another and prints a line for each.
'use strict';

class Proof {
  constructor(platform) {
    this.platform = platform;
    this.failed = 0;
    this.passed = 0;
  }

  // What `act` resolves to; undefined when it fails, or when `check` does not hold for it.
  async step(what, act, check = () => true) {
    try {
      const value = await act();
      if (!check(value)) throw new Error(`unexpected: ${JSON.stringify(value)}`);
      this.passed += 1;
      console.log(`ok      ${this.platform}: ${what}`);
      return value;
    } catch (error) {
      this.failed += 1;
      console.log(`FAILED  ${this.platform}: ${what}: ${String(error.stack || error).slice(0, 500)}`);
      return undefined;
    }
  }

  end() {
    console.log(`${this.platform}: ${this.passed} proven, ${this.failed} failed`);
    process.exitCode = this.failed ? 1 : 0;
  }
}

async function sandbox(base) {
  const answer = await fetch(`${base}/sandbox`);
  return answer.json();
}

async function advance(base, days) {
  const answer = await fetch(`${base}/sandbox/advance`, { method: 'POST', body: JSON.stringify({ days }) });
  return answer.json();
}

function account(state, platform) {
  return state.accounts.find(each => each.platform === platform);
}

module.exports = { Proof, sandbox, advance, account };
