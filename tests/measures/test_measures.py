"""Measures against direct computation."""

import keras
import numpy as np
import pytest

from replication.errors import InputError
from replication.measures.contraction import contraction_curve
from replication.measures.directions import leading_directions
from replication.measures.distances import neighbour_distances
from replication.measures.intrinsic_dimension import intrinsic_dimension
from replication.measures.jacobian import jacobians, mean_square_entry, spectrum, squared_norms
from replication.measures.saturation import saturation
from replication.models import Autoencoder, StackedEncoder

FEATURES, UNITS = 12, 9


@pytest.fixture
def x():
    """Random inputs."""
    return np.random.default_rng(0).random((40, FEATURES)).astype("float32")


@pytest.fixture
def encoder():
    """A sigmoid encoder with large weights: some units saturate."""
    model = Autoencoder(UNITS, seed=1)
    model.build((None, FEATURES))
    model.encoder.kernel.assign(3 * model.encoder.kernel)
    return model.encoder


@pytest.fixture
def stack():
    """Two layers."""
    model = StackedEncoder([Autoencoder(UNITS, seed=1), Autoencoder(7, seed=2)])
    model.build((None, FEATURES))
    return model.encoder


def numpy_jacobians(encoder, x):
    """diag(h (1 - h)) W, layer by layer, in plain numpy."""
    layers = encoder.layers if isinstance(encoder, keras.Sequential) else [encoder]
    h, product = x.astype(float), np.eye(x.shape[1])[None]
    for layer in layers:
        kernel, bias = (keras.ops.convert_to_numpy(w).astype(float) for w in layer.weights)
        h = 1 / (1 + np.exp(-h @ kernel - bias))
        product = ((h * (1 - h))[:, :, None] * kernel.T) @ product
    return product


@pytest.mark.parametrize("which", ["encoder", "stack"])
def test_jacobian_norms_and_spectrum(which, x, request):
    """Norm, mean squared entry and spectrum are those of the Jacobians written out."""
    encoder = request.getfixturevalue(which)
    expected = numpy_jacobians(encoder, x)
    np.testing.assert_allclose(jacobians(encoder, x), expected, rtol=1e-3, atol=1e-5)
    squares = squared_norms(encoder, x)
    np.testing.assert_allclose(squares, np.sum(expected**2, axis=(1, 2)), rtol=1e-4)
    np.testing.assert_allclose(
        mean_square_entry(squares, FEATURES, expected.shape[1]), np.mean(expected**2), rtol=1e-4
    )
    values = np.linalg.svd(expected, compute_uv=False)  # a plain SVD of each example
    result = spectrum(encoder, x)
    np.testing.assert_allclose(result.singular_value, values.mean(axis=0), rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(result.deviation, values.std(axis=0), rtol=1e-2, atol=1e-5)


@pytest.mark.parametrize("scale", [0.1, 30.0])
def test_spectrum_of_lazy_and_of_saturated_units(scale, x):
    """Leaving out saturated units moves no singular value; more units than inputs are fine."""
    model = Autoencoder(3 * FEATURES, seed=1)
    model.build((None, FEATURES))
    model.encoder.kernel.assign(scale * model.encoder.kernel)
    values = np.linalg.svd(numpy_jacobians(model.encoder, x), compute_uv=False)
    result = spectrum(model.encoder, x).singular_value
    np.testing.assert_allclose(result, values.mean(axis=0), rtol=1e-3, atol=2e-5 * values.max())


def test_saturation(x):
    """Saturation counts activations below 0.05 and above 0.95, in percent."""
    layer = keras.layers.Dense(4, activation="sigmoid")
    layer.build((None, FEATURES))
    # Activations 0.04, 0.06, 0.94, 0.96 whatever the input.
    h = np.array([0.04, 0.06, 0.94, 0.96])
    layer.set_weights([np.zeros((FEATURES, 4)), np.log(h / (1 - h))])
    assert saturation(layer, x) == 50.0


def test_curve_of_a_linear_map(x):
    """A linear encoder contracts equally at every distance, by ||W u|| for the direction u."""
    layer = keras.layers.Dense(UNITS)
    layer.build((None, FEATURES))
    layer.set_weights([2.5 * np.eye(FEATURES, UNITS), np.zeros(UNITS)])
    curve = contraction_curve(layer, np.repeat(x, 50, axis=0), radii=(0.5, 5.0, 50.0))
    np.testing.assert_allclose(curve.ratio, curve.ratio[0], rtol=1e-3)
    # A direction keeps on average the share 9/12 of its squared length in the first nine axes.
    assert abs(np.mean(curve.ratio**2 + curve.deviation**2) - 2.5**2 * UNITS / FEATURES) < 0.1


def test_curve_starts_at_the_jacobian(encoder, x):
    """Near the examples the mean squared ratio is ||J||_F^2 / d_x."""
    many = np.repeat(x, 200, axis=0)
    curve = contraction_curve(encoder, many, radii=(1e-2,))
    squared_ratio = curve.ratio[0] ** 2 + curve.deviation[0] ** 2
    assert abs(squared_ratio / (squared_norms(encoder, x).mean() / FEATURES) - 1) < 0.05


def test_curve_repeats_and_depends_on_the_seed(encoder, x):
    """One seed gives one curve."""
    first, second, other = (contraction_curve(encoder, x, seed=s).ratio for s in (3, 3, 4))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_impossible_radius(encoder, x):
    """A radius of 0 has no ratio."""
    with pytest.raises(InputError, match="above 0"):
        contraction_curve(encoder, x, radii=(0.0, 1.0))


@pytest.mark.parametrize("seed", [-1, 2**32, 0.5])
def test_impossible_seed(encoder, x, seed):
    """It is named, as everywhere else."""
    with pytest.raises(InputError, match=f"Received: seed={seed}"):
        contraction_curve(encoder, x, seed=seed)


def test_distances_by_hand():
    """Nearest, median and farthest neighbours on a line at 0, 1, 3 and 7."""
    x = np.array([[0.0], [1.0], [3.0], [7.0]])
    received = neighbour_distances(x)
    assert received == pytest.approx(
        {"min": (1 + 1 + 2 + 4) / 4, "median": (3 + 2 + 3 + 6) / 4, "max": (7 + 6 + 4 + 7) / 4}
    )


@pytest.mark.parametrize("which", ["encoder", "stack"])
def test_leading_directions(which, x, request):
    """They are unit vectors, orthogonal, stretched by the largest singular values."""
    encoder = request.getfixturevalue(which)
    found = leading_directions(encoder, x[:4], 3)
    expected = numpy_jacobians(encoder, x[:4])
    for n, jacobian in enumerate(expected):
        direction, value = found.direction[n], found.singular_value[n]
        np.testing.assert_allclose(direction @ direction.T, np.eye(3), atol=1e-10)
        np.testing.assert_allclose(np.linalg.norm(jacobian @ direction.T, axis=0), value, rtol=1e-3)
        np.testing.assert_allclose(value, np.linalg.svd(jacobian)[1][:3], rtol=1e-3)
        assert (direction.max(axis=1) == np.abs(direction).max(axis=1)).all()


def test_leading_directions_refuses_too_many(encoder, x):
    """There are no more directions than singular values."""
    with pytest.raises(InputError, match="at most 9"):
        leading_directions(encoder, x[:1], 10)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_intrinsic_dimension_of_a_known_manifold(dimension):
    """A cube of few dimensions, turned and bent into many, keeps its dimension."""
    generator = np.random.default_rng(dimension)
    flat = generator.random((2000, dimension))
    plane = flat @ np.linalg.qr(generator.normal(size=(30, dimension)))[0].T
    bent = np.hstack([plane, 0.3 * np.sin(3 * plane)])
    found = intrinsic_dimension(bent)
    assert found.estimate == pytest.approx(dimension, rel=0.1)
    assert found.smallest <= found.estimate <= found.largest


def test_intrinsic_dimension_by_loops():
    """The formula, written out point by point; repeated points count once."""
    x = np.random.default_rng(3).random((12, 4))
    means = []
    for k in (3, 4):
        inverse = []
        for i in range(len(x)):
            t = sorted(np.linalg.norm(x[i] - x[j]) for j in range(len(x)) if j != i)
            inverse += [np.log(t[k - 1] / t[j]) for j in range(k - 1)]
        means.append(1 / np.mean(inverse))
    found = intrinsic_dimension(np.vstack([x, x[:5]]), 3, 4)
    assert found.estimate == pytest.approx(np.mean(means))
    assert (found.smallest, found.largest) == pytest.approx((min(means), max(means)))


@pytest.mark.parametrize(("fewest", "most"), [(1, 5), (5, 4), (2, 12)])
def test_intrinsic_dimension_refuses_impossible_neighbours(fewest, most):
    """One neighbour has no ratio, and nobody has more neighbours than there are others."""
    with pytest.raises(InputError, match=r"fewest|most"):
        intrinsic_dimension(np.random.default_rng(0).random((12, 2)), fewest, most)


@pytest.mark.parametrize(
    "measure",
    [
        contraction_curve,
        jacobians,
        saturation,
        spectrum,
        squared_norms,
        lambda encoder, x: leading_directions(encoder, x, 2),
    ],
)
def test_a_model_that_rebuilds_its_input_is_no_encoder(measure, x):
    """Its Jacobian is that of the reconstruction, and would look like any other."""
    model = Autoencoder(UNITS, seed=1)
    model.build((None, FEATURES))
    with pytest.raises(InputError, match=r"give its encoder, model\.encoder\. Received: a Auto"):
        measure(model, x[:2])
    measure(model.encoder, x[:2])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize(
    "measure",
    [squared_norms, jacobians, spectrum, saturation, lambda e, x: leading_directions(e, x, 2)],
)
def test_what_is_no_number_is_not_measured(measure, bad, encoder, x):
    """A measure of it would be no number either, or one that says nothing."""
    x[3, 2] = bad
    with pytest.raises(InputError, match="must be finite numbers"):
        measure(encoder, x)
    with pytest.raises(InputError, match="at least (one|1)"):
        measure(encoder, x[:0])
