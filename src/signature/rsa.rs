//! RSA, as far as verifying goes (RFC 8017, 8.1.2 and 8.2.2). Everything here is public, so nothing has to take the same
//! time. The crate `rsa` makes keys and signatures as well, and costs 10 kB of the module, compressed. Tests sign with it,
//! and hold this to Wycheproof's sets.

use std::iter::repeat;

use super::Hash;
use super::der::{self, Der, INTEGER, SEQUENCE};

/// Below it keys are refused (NIST SP 800-131A: at least 112 bits of security).
const LEAST_BITS: usize = 2048;
/// Above it one signature would take longer than a whole repository should.
const MOST_BITS: usize = 8192;
/// Above it keys are refused: each bit more is work for whoever verifies.
const MOST_EXPONENT_BITS: u32 = 33;

/// The bits of a word.
const WORD: usize = 32;

/// A public key.
#[derive(Clone, Debug)]
pub(super) struct RsaKey {
    /// The modulus in words, the lowest first.
    modulus: Vec<u32>,
    bits: usize,
    exponent: u64,
    /// The number that the lowest word is multiplied with to give -1.
    inverse: u32,
}

impl RsaKey {
    /// Reads `RSAPublicKey` (RFC 8017, A.1.1).
    ///
    /// # Errors
    /// The number of bits of a key that is too short or too long, or nothing if it is no key.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Option<usize>> {
        let (modulus, exponent) = numbers(bytes).ok_or(None)?;
        let bits = bits_of(modulus);
        if !(LEAST_BITS..=MOST_BITS).contains(&bits) {
            return Err(Some(bits));
        }
        let exponent = (exponent.len() <= 8)
            .then(|| {
                exponent
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
            })
            .ok_or(None)?;
        let longest = u64::BITS - exponent.leading_zeros();
        let modulus = words(modulus);
        let lowest = modulus.first().copied().unwrap_or_default();
        if u64::from(lowest) & exponent & 1 == 0 || exponent < 3 || longest > MOST_EXPONENT_BITS {
            return Err(None);
        }
        // Each step has twice as many bits right.
        let inverse = (0..5).fold(1_u32, |found, _| {
            found.wrapping_mul(2_u32.wrapping_sub(lowest.wrapping_mul(found)))
        });
        Ok(RsaKey {
            modulus,
            bits,
            exponent,
            inverse: inverse.wrapping_neg(),
        })
    }

    /// The modulus, in bytes.
    pub(super) fn modulus(&self) -> Vec<u8> {
        bytes_of(&self.modulus, self.bits.div_ceil(8))
    }

    /// True if this key made the signature of the hash by RSASSA-PKCS1-v1_5: what it signed is written anew and compared
    /// whole.
    pub(super) fn verifies_pkcs1(&self, hash: Hash, hashed: &[u8], signature: &[u8]) -> bool {
        let Some(signed) = self.signed(signature) else {
            return false;
        };
        let info = [hash.info(), hashed].concat();
        let filled = signed.len() - info.len() - 3;
        let expected = [&[0, 1], &*vec![0xff; filled], &[0], &info].concat();
        signed == expected
    }

    /// True if this key made the signature of the hash by RSASSA-PSS with MGF1 over the same hash and a salt of this length.
    pub(super) fn verifies_pss(
        &self,
        hash: Hash,
        salt: usize,
        hashed: &[u8],
        signature: &[u8],
    ) -> bool {
        self.pss(hash, salt, hashed, signature).is_some()
    }

    fn pss(&self, hash: Hash, salt: usize, hashed: &[u8], signature: &[u8]) -> Option<()> {
        let signed = self.signed(signature)?;
        // The highest bit is not used; where that leaves a byte out, it is 0.
        let used = (self.bits - 1).div_ceil(8);
        let (unused, encoded) = signed.split_at_checked(signed.len() - used)?;
        (unused.iter().all(|byte| *byte == 0)).then_some(())?;
        let (masked, rest) = encoded.split_at_checked(used.checked_sub(hashed.len() + 1)?)?;
        let (seed, end) = rest.split_at_checked(hashed.len())?;
        (end == [0xbc]).then_some(())?;
        let mask = hash.mask(seed, masked.len());
        let mut block: Vec<u8> = masked.iter().zip(&mask).map(|(a, b)| a ^ b).collect();
        let spare = 0xff_u8 >> (used * 8 - (self.bits - 1));
        (masked.first()? & !spare == 0).then_some(())?;
        *block.first_mut()? &= spare;
        let (filling, salted) = block.split_at_checked(block.len().checked_sub(salt)?)?;
        let (one, zeros) = filling.split_last()?;
        (*one == 1 && zeros.iter().all(|byte| *byte == 0)).then_some(())?;
        let again = hash.of(&[&[0; 8], hashed, salted].concat());
        (again == seed).then_some(())
    }

    /// The bytes that a signature is of, as many as the modulus has (RFC 8017, 5.2.2).
    fn signed(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let length = self.bits.div_ceil(8);
        (signature.len() == length).then_some(())?;
        let number = words(signature);
        (!is_below(&self.modulus, &number) && number != self.modulus).then_some(())?;
        Some(bytes_of(&self.power(number), length))
    }

    /// The number to the power of the exponent, modulo the modulus, by Montgomery's products.
    fn power(&self, number: Vec<u32>) -> Vec<u32> {
        let mut base = number;
        // It is multiplied by two once for each bit that a product divides it by.
        for _ in 0..base.len() * WORD {
            let mut carry = 0;
            for word in &mut base {
                let double = u64::from(*word) << 1 | carry;
                (*word, carry) = (lowest_word(double), double >> WORD);
            }
            self.reduce(&mut base, carry);
        }
        let mut value = base.clone();
        let below = u64::BITS - 1 - self.exponent.leading_zeros();
        for bit in (0..below).rev() {
            value = self.product(&value, &value);
            if self.exponent >> bit & 1 == 1 {
                value = self.product(&value, &base);
            }
        }
        let mut one = vec![0; value.len()];
        if let Some(lowest) = one.first_mut() {
            *lowest = 1;
        }
        self.product(&value, &one)
    }

    /// The product of two numbers below the modulus, divided by two once for each of its bits, modulo the modulus.
    fn product(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        let mut sum = vec![0; a.len() + 2];
        for word in a {
            add(&mut sum, b, *word);
            let lowest = sum.first().copied().unwrap_or_default();
            // With this the lowest word becomes 0, and is left out.
            add(&mut sum, &self.modulus, lowest.wrapping_mul(self.inverse));
            sum.rotate_left(1);
        }
        sum.pop();
        let carry = sum.pop().unwrap_or_default();
        self.reduce(&mut sum, u64::from(carry));
        sum
    }

    /// Takes the modulus once from a number that is below twice the modulus, if it is not below the modulus.
    fn reduce(&self, number: &mut [u32], carry: u64) {
        if carry == 0 && is_below(number, &self.modulus) {
            return;
        }
        let mut borrow = false;
        for (word, by) in number.iter_mut().zip(&self.modulus) {
            let (less, first) = word.overflowing_sub(*by);
            let (less, second) = less.overflowing_sub(u32::from(borrow));
            (*word, borrow) = (less, first || second);
        }
    }
}

/// Adds a number so many times.
fn add(sum: &mut [u32], number: &[u32], times: u32) {
    let mut carry = 0;
    for (word, by) in sum.iter_mut().zip(number.iter().chain(repeat(&0))) {
        let more = u64::from(*word) + u64::from(*by) * u64::from(times) + carry;
        (*word, carry) = (lowest_word(more), more >> WORD);
    }
}

fn lowest_word(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default()
}

/// True if the first number is less than the second, which has as many words.
fn is_below(a: &[u32], b: &[u32]) -> bool {
    a.iter().rev().lt(b.iter().rev())
}

/// Modulus and exponent.
fn numbers(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut key = Der(der::only(bytes, SEQUENCE)?);
    let modulus = der::positive(key.of(INTEGER)?)?;
    let exponent = der::positive(key.of(INTEGER)?)?;
    key.end()?;
    Some((modulus, exponent))
}

/// The bits of a number that begins with no byte of 0.
fn bits_of(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros());
    number.len() * 8 - unused as usize
}

fn words(bytes: &[u8]) -> Vec<u32> {
    let word = |bytes: &[u8]| {
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
    };
    bytes.rchunks(4).map(word).collect()
}

/// The lowest bytes of a number, the highest first.
fn bytes_of(words: &[u32], count: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = words
        .iter()
        .rev()
        .flat_map(|word| word.to_be_bytes())
        .collect();
    bytes.split_off(bytes.len() - count)
}
