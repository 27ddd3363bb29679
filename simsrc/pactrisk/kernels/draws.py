r"""Random numbers by place: Philox4x32-10 and the normal quantile.

Philox (Salmon, Moraes, Dror and Shaw 2011, Parallel random numbers: as easy as 1, 2, 3) turns a counter of four
words and a key of two into four words by ten rounds of multiplying and mixing. Two words make a number of 52 bits, the
middle of its cell, in the open interval (0, 1): counter c gives numbers 2c and 2c + 1. So any number is had by its
place alone.

Normals are the quantile function at such a number, by Wichura's algorithm AS 241 (1988, Applied Statistics 37,
477), which is right to 16 digits.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pactrisk.kernels.compilation import compiled, inlined, inner

__all__ = [
    "centre_one",
    "fill",
    "fill_quantiles",
    "normals",
    "pick_uniforms",
    "quantile",
    "tail_one",
    "uniform_at",
    "uniforms",
    "uniforms_plain",
]

Array = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32, _12, _1 = np.uint64(32), np.uint64(12), np.uint64(1)
_CELL, _HALF = 2.0**-52, 2.0**-53

_STRIP = 512
"""Numbers that are drawn and turned while they are near at hand."""
_CENTRE, _SQUARE = 0.425, 0.180625
_FAR = 0.5 - 1e-10
"""Beyond it lie the numbers of the third rational function, and a few that are not."""
_A = (
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
_B = (
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
)  # fmt: skip
_C = (
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
_D = (
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
)  # fmt: skip
_E = (
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
_F = (
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
)  # fmt: skip


@inlined
def _rounds(x0, x1, x2, x3, k0, k1):
    for _ in range(10):
        p = _M0 * x0
        q = _M1 * x2
        x0 = (q >> _32) ^ x1 ^ k0
        x2 = (p >> _32) ^ x3 ^ k1
        x1 = q & _LOW
        x3 = p & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return x0, x1, x2, x3


@inlined
def _unit(high, low):
    return np.float64(((high << _32) | low) >> _12) * _CELL + _HALF


@inner
def uniform_at(words, place):
    """Number ``place`` of the stream of ``words``."""
    at = np.uint64(place)
    x0, x1, x2, x3 = _rounds(at >> _1, words[2], words[3], words[4], words[0], words[1])
    if at & _1:
        return _unit(x2, x3)
    return _unit(x0, x1)


@inner
def _pairs(k0, k1, counter, w1, w2, w3, out):
    for i in range(out.size >> 1):
        x0, x1, x2, x3 = _rounds(counter + np.uint64(i), w1, w2, w3, k0, k1)
        out[2 * i] = _unit(x0, x1)
        out[2 * i + 1] = _unit(x2, x3)


def uniforms_plain(words: Words, first: int, out: Array) -> None:
    """The plain twin of :func:`uniforms`."""
    begin, n = first >> 1, (first + out.size + 1 >> 1) - (first >> 1)
    counter = np.arange(begin, begin + n, dtype=np.uint64)
    x = [counter, *(np.full(n, word) for word in words[2:5])]
    k0, k1 = words[0], words[1]
    for _ in range(10):
        p, q = _M0 * x[0], _M1 * x[2]
        x = [(q >> _32) ^ x[1] ^ k0, q & _LOW, (p >> _32) ^ x[3] ^ k1, p & _LOW]
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    drawn = np.stack([((x[i] << _32) | x[i + 1]) >> _12 for i in (0, 2)], axis=1).ravel()
    out[:] = drawn[first & 1 :][: out.size].astype(np.float64) * _CELL + _HALF


@inner
def fill(words, first, out):
    """Fill ``out`` with numbers ``first``, ``first + 1`` ... of the stream."""
    begin = first & 1
    if begin and out.size:
        out[0] = uniform_at(words, first)
    pairs = (out.size - begin) >> 1
    _pairs(words[0], words[1], np.uint64((first + begin) >> 1), words[2], words[3], words[4], out[begin:])
    if begin + 2 * pairs < out.size:
        out[out.size - 1] = uniform_at(words, first + out.size - 1)


@compiled(uniforms_plain)
def uniforms(words: Words, first: int, out: Array) -> None:
    """Fill ``out`` (one axis) with numbers ``first``, ``first + 1`` ... of the stream.

    ``words`` are five: the key, the block, and two words more of the address.
    """
    fill(words, first, out)


def _pick_plain(words: Words, places: npt.NDArray[np.int64], out: Array) -> None:
    for i, place in enumerate(places):
        uniforms_plain(words, int(place), out[i : i + 1])


@compiled(_pick_plain)
def pick_uniforms(words: Words, places: npt.NDArray[np.int64], out: Array) -> None:
    """Fill ``out`` with the numbers at ``places`` of the stream."""
    for i in range(places.size):
        out[i] = uniform_at(words, places[i])


@inner
def _ratio(a, b, r):
    above = ((((((a[7] * r + a[6]) * r + a[5]) * r + a[4]) * r + a[3]) * r + a[2]) * r + a[1]) * r + a[0]
    below = ((((((b[7] * r + b[6]) * r + b[5]) * r + b[4]) * r + b[3]) * r + b[2]) * r + b[1]) * r + b[0]
    return above / below


def _ratio_plain(a: tuple[float, ...], b: tuple[float, ...], r: Array) -> Array:
    above, below = np.full_like(r, a[7]), np.full_like(r, b[7])
    for i in range(6, -1, -1):
        above, below = above * r + a[i], below * r + b[i]
    return above / below


@inner
def centre_one(u):
    """The quantile of a number in the middle."""
    q = u - 0.5
    return q * _ratio(_A, _B, _SQUARE - q * q)


@inner
def tail_one(u, log):
    """The quantile of a number in a tail, given the logarithm of the smaller of u and 1 - u."""
    r = math.sqrt(-log)
    x = _ratio(_C, _D, r - 1.6) if r <= 5.0 else _ratio(_E, _F, r - 5.0)
    return -x if u < 0.5 else x


def _quantile_plain(u: Array, out: Array) -> None:
    q = u - 0.5
    out[:] = q * _ratio_plain(_A, _B, _SQUARE - q * q)
    tails = np.abs(q) > _CENTRE
    p = u[tails]
    # logarithms of the C library, as in the loop: NumPy's own can differ in the last bit
    r = np.sqrt([-math.log(x) for x in np.minimum(p, 1.0 - p)])
    with np.errstate(over="ignore", invalid="ignore"):
        x = np.where(r <= 5.0, _ratio_plain(_C, _D, r - 1.6), _ratio_plain(_E, _F, r - 5.0))
    out[tails] = np.where(p < 0.5, -x, x)


@inner
def _tails_of(u, tails):
    many = np.uint64(0)
    for i in range(u.size):
        tails[many] = i
        many += np.uint64(1) if abs(u[i] - 0.5) > _CENTRE else np.uint64(0)
    return many


@inner
def _centres(u, out):
    for i in range(u.size):
        out[i] = centre_one(u[i])


@inner
def _logs(u, tails, logs):
    for j in range(logs.size):
        p = u[tails[j]]
        logs[j] = math.log(p if p < 0.5 else 1.0 - p)


@inner
def _near(logs):
    for j in range(logs.size):
        logs[j] = _ratio(_C, _D, math.sqrt(-logs[j]) - 1.6)


@inner
def _quantile(u, out, tails, logs):
    # a number in seven lies in a tail: first all as if in the middle, many at once, then those again
    many = _tails_of(u, tails)
    _centres(u, out)
    part = logs[:many]
    _logs(u, tails, part)
    _near(part)
    for j in range(part.size):
        i = tails[j]
        out[i] = math.copysign(part[j], u[i] - 0.5)
        if abs(u[i] - 0.5) > _FAR:
            out[i] = tail_one(u[i], math.log(min(u[i], 1.0 - u[i])))


@inner
def fill_quantiles(u, out):
    """Fill ``out`` with the standard normal quantiles of ``u``."""
    tails, logs = np.empty(_STRIP + 1, dtype=np.int32), np.empty(_STRIP)
    for lo in range(0, u.size, _STRIP):
        _quantile(u[lo : lo + _STRIP], out[lo : lo + _STRIP], tails, logs)


@compiled(_quantile_plain)
def quantile(u: Array, out: Array) -> None:
    """The standard normal quantile of every number in (0, 1), one axis."""
    fill_quantiles(u, out)


def _normals_plain(words: Words, first: int, out: Array) -> None:
    u = np.empty(out.size)
    uniforms_plain(words, first, u)
    _quantile_plain(u, out)


@compiled(_normals_plain)
def normals(words: Words, first: int, out: Array) -> None:
    """Fill ``out`` (one axis) with the normal quantiles of numbers ``first``, ``first + 1`` ... of the stream."""
    u, tails, logs = np.empty(_STRIP), np.empty(_STRIP + 1, dtype=np.int32), np.empty(_STRIP)
    for lo in range(0, out.size, _STRIP):
        part = out[lo : lo + _STRIP]
        fill(words, first + lo, u[: part.size])
        _quantile(u[: part.size], part, tails, logs)
