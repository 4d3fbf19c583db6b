//! What a number measures: a dimension and, on mass and volume, a basis.

use crate::quantity::number::Number;

/// One of the independent dimensions that a vocabulary declares with its base units (mass, volume, time …).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BaseDimension(pub u8);

/// What is measured: ore, raw coal, metal … A number into the vocabulary's list of bases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BasisId(pub u16);

/// A product of powers of base dimensions: mass per time, volume, a plain number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Dimension {
    exponents: [i8; Self::BASES],
}

impl Dimension {
    /// How many base dimensions a vocabulary may declare.
    pub const BASES: usize = 12;

    /// The dimension of a plain number.
    pub const NONE: Self = Self { exponents: [0; Self::BASES] };

    /// The dimension of one base unit; `NONE` past [`Dimension::BASES`].
    #[must_use]
    pub fn base(base: BaseDimension) -> Self {
        let mut exponents = [0; Self::BASES];
        if let Some(slot) = exponents.get_mut(base.0 as usize) {
            *slot = 1;
        }
        Self { exponents }
    }

    /// The dimension of a product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.combine(other, i8::saturating_add)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn per(self, other: Self) -> Self {
        self.combine(other, i8::saturating_sub)
    }

    fn combine(self, other: Self, with: impl Fn(i8, i8) -> i8) -> Self {
        let mut exponents = self.exponents;
        for (mine, theirs) in exponents.iter_mut().zip(other.exponents) {
            *mine = with(*mine, theirs);
        }
        Self { exponents }
    }

    /// Each base dimension that occurs, with its power.
    pub fn powers(self) -> impl Iterator<Item = (BaseDimension, i8)> {
        (0u8..).zip(self.exponents).filter(|(_, power)| *power != 0).map(|(base, power)| (BaseDimension(base), power))
    }
}

/// An exact amount in base units, with the words it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The amount in the base units of its dimension.
    pub value: Number,
    /// What kind of amount it is.
    pub dimension: Dimension,
    /// The basis its author named; `None` where the vocabulary's default for the mineral is meant.
    pub basis: Option<BasisId>,
    /// The unit as its author wrote it, magnitude and basis included (`万吨/年`).
    pub unit_text: String,
    /// How many base units one such unit is.
    pub unit_factor: Number,
}

impl Quantity {
    /// The amount in its author's unit: `80` of `80万吨/年`.
    #[must_use]
    pub fn in_own_unit(&self) -> Number {
        self.value.divide(&self.unit_factor).unwrap_or_else(|| self.value.clone())
    }

    /// An amount of base units shown in this quantity's own unit, e.g. a shortfall: `20万吨/年`.
    #[must_use]
    pub fn render(&self, base_amount: &Number) -> String {
        let shown = base_amount.divide(&self.unit_factor).unwrap_or_else(|| base_amount.clone());
        if self.unit_text == "%" { format!("{}%", shown) } else { format!("{}{}", shown, self.unit_text) }
    }

    /// The quantity as its author would write it.
    #[must_use]
    pub fn text(&self) -> String {
        self.render(&self.value)
    }
}
