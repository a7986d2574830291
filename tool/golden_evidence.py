#!/usr/bin/python3
# Golden values for the tests of src/learn, by an independent implementation: mpmath at 40 digits.
#
# Needs python3-mpmath (Debian package). Nothing here shares code with the C++. Prints one line per
# value: what it is, then the value. Run it and compare when a golden value is in doubt.
import math

from mpmath import mp, mpf, betainc, gammainc, beta, gamma, quad, exp, log, findroot, linspace, psi
from mpmath import loggamma, sqrt, erfc

mp.dps = 40


def show(name, value):
    print(f"{name:58s} {mp.nstr(value, 17)}")


def beta_lower(a, b, x):
    return betainc(a, b, 0, x, regularized=True)


def beta_upper(a, b, x):
    return betainc(a, b, x, 1, regularized=True)


def gamma_lower(k, x):
    return gammainc(k, 0, x, regularized=True)


def tails():
    for a, b, x in [(3, 99, .01), (.5, 20.5, .001), (121, 9881, .014)]:
        show(f"beta_lower {a} {b} {x}", beta_lower(mpf(a), mpf(b), mpf(str(x))))
        show(f"beta_upper {a} {b} {x}", beta_upper(mpf(a), mpf(b), mpf(str(x))))
    a, b, x = mpf(30000), mpf(2000000), mpf('.0151')
    sd = sqrt(a * b) / (a + b)**mpf('1.5')
    points = [x + i * sd for i in range(31)]
    density = lambda t: exp(a * log(t) + b * log(1 - t) - log(t * (1 - t)) - loggamma(a) - loggamma(b) + loggamma(a + b))
    show("beta_upper 30000 2000000 0.0151", quad(density, points))
    for k, x in [(1, 2), (.5, .01), (40, 25), (5000, 5300)]:
        show(f"gamma_lower {k} {x}", gamma_lower(mpf(str(k)), mpf(str(x))))
        show(f"gamma_upper {k} {x}", gammainc(mpf(str(k)), mpf(str(x)), regularized=True))
    show("stirling_error 0.3", loggamma(mpf('.3')) - ((mpf('.3') - .5) * log(mpf('.3')) - mpf('.3')
                                                      + log(2 * mp.pi) / 2))
    show("log_rising 2.5 1e6", loggamma(mpf('2.5') + 10**6) - loggamma(mpf('2.5')))
    show("log_rising 1e9 3.5", loggamma(mpf(10)**9 + mpf('3.5')) - loggamma(mpf(10)**9))
    show("trigamma 3.5", psi(1, mpf('3.5')))


# The integrals of best_arm.h on a very fine even grid in u = logit x (or ln x), the distribution
# functions by Simpson's rule from the nearer end: crude, slow, independent, right to about 1e-12.
# mpmath's own quadrature of the incomplete beta agrees where it ends in reasonable time.
def log_shape(family, a, b, u):
    if family == 'gamma':
        return a * u - b * math.exp(u)
    rest = math.log1p(math.exp(-abs(u)))
    return -a * (max(-u, 0) + rest) - b * (max(u, 0) + rest)


def value_at(family, u):
    return math.exp(u) if family == 'gamma' else math.exp(u - max(u, 0) - math.log1p(math.exp(-abs(u))))


def peak_and_sd(family, a, b):
    return math.log(a / b), math.sqrt(1 / a + (1 / b if family == 'beta' else 0))


def grid_of(family, arms, per_sd=150, nats=42):
    low, high, step = math.inf, -math.inf, math.inf
    for a, b in arms:
        middle, sd = peak_and_sd(family, a, b)
        top = log_shape(family, a, b, middle)
        left = right = middle
        while top - log_shape(family, a, b, left) < nats:
            left -= sd / 4
        while top - log_shape(family, a, b, right) < nats and right < 600:
            right += sd / 4
        low, high, step = min(low, left), max(high, right), min(step, sd / per_sd, .01)
    count = int((high - low) / step) + 1
    return low, (high - low) / count, count


# density in u and share below at the grid's points.
def tabulate(family, a, b, grid):
    low, step, count = grid
    top = log_shape(family, a, b, peak_and_sd(family, a, b)[0])
    f = [math.exp(log_shape(family, a, b, low + i * step / 2) - top) for i in range(2 * count + 1)]
    pieces = [step / 6 * (f[2 * i] + 4 * f[2 * i + 1] + f[2 * i + 2]) for i in range(count)]
    total = math.fsum(pieces)
    below, above = [0.0], [0.0]
    for piece in pieces:
        below.append(below[-1] + piece / total)
    for piece in reversed(pieces):
        above.append(above[-1] + piece / total)
    above.reverse()
    return [f[2 * i] / total for i in range(count + 1)], below, above


def best_arms():
    cases = [
        ('beta', [(121, 9881), (130, 9872), (95, 9907)]),
        ('beta', [(.5, 20.5), (2.5, 100), (31, 2001)]),
        ('beta', [(1.2, 80), (15001, 985001), (3, 250), (160, 10000)]),
        ('beta', [(.05, 3), (1, 1), (2, 9)]),
        ('beta', [(3e6, 2e8), (3.003e6, 2e8)]),
        ('gamma', [(3, 120), (1, 60), (12.5, 480)]),
        ('gamma', [(.4, 10), (2000, 50000), (7, 200)]),
    ]
    for family, arms in cases:
        grid = grid_of(family, arms)
        low, step, count = grid
        tables = [tabulate(family, a, b, grid) for a, b in arms]
        for i in range(len(arms)):
            best, loss = [], []
            for k in range(count + 1):
                rest = 1.0
                for j in range(len(arms)):
                    if j != i:
                        rest *= tables[j][1][k]
                x = value_at(family, low + k * step)
                stretch = x if family == 'gamma' else x * (1 - x)
                best.append(tables[i][0][k] * rest)
                loss.append(stretch * tables[i][1][k] * (1 - rest))
            print(f"best {family} {arms} [{i}] {step * math.fsum(best):.13g} "
                  f"loss {step * math.fsum(loss):.13g}")


def beats():
    mp.dps = 25
    a, b, c, d = mpf(3), mpf(7), mpf(2), mpf(9)
    show("beats (3, 7) (2, 9) 0.5", quad(lambda x: x**(a - 1) * (1 - x)**(b - 1) / beta(a, b) *
                                          beta_lower(c, d, x / mpf('1.5')), linspace(0, 1, 9)))
    a, b, c, d = mpf(30), mpf(970), mpf(25), mpf(975)
    for lift in ['0.2', '1.5', '-0.3']:
        factor = 1 + mpf(lift)
        show(f"beats (30, 970) (25, 975) {lift}",
             quad(lambda x: x**(a - 1) * (1 - x)**(b - 1) / beta(a, b) *
                  (beta_lower(c, d, x / factor) if x < factor else 1), linspace(0, mpf('.15'), 31)))
    # Whole parameters: P(x > y) = Sum_{i<p} B(r+i, q+s) / [(q+i) B(1+i, q) B(r, s)].
    # Source: Miller 2014, "Formulas for Bayesian A/B testing".
    for (p, q), (r, s) in [((60, 9942), (121, 9881)), ((30, 9972), (221, 9781)),
                           ((130, 9872), (121, 9881))]:
        total = mpf(0)
        for i in range(p):
            total += exp(loggamma(r + i) + loggamma(q + s) - loggamma(r + i + q + s)
                         - log(q + i) - (loggamma(1 + i) + loggamma(q) - loggamma(1 + i + q))
                         - (loggamma(r) + loggamma(s) - loggamma(r + s)))
        show(f"beats ({p}, {q}) ({r}, {s}) 0 by finite sum", total)


if __name__ == '__main__':
    tails()
    beats()
    best_arms()
