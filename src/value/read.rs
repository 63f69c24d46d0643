//! Reading values into types by serde, with places and words that people can use.
//!
//! An adapter around the format's own deserializer, serde-wasm-bindgen's in JavaScript and serde_json's natively. It
//! notes the way to whatever is refused, and words the refusal.

use std::cell::Cell;

use serde::de::value::StringDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};

use super::mistake::Mistake;
use super::step::Step;
use super::{Invalid, Value};

// Not inlined: the same types are read in several places.
#[inline(never)]
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Invalid> {
    T::deserialize(Reading { inner: value.deserializer() }).map_err(|mistake| mistake.tell(value))
}

/// Where a mistake waits while the format's own error passes by.
type Slot = Cell<Option<Mistake>>;

/// Keeps a mistake, and gives the format an error in its place.
fn keep<T, E: de::Error>(slot: &Slot, result: Result<T, Mistake>) -> Result<T, E> {
    result.map_err(|mistake| {
        slot.set(Some(mistake));
        E::custom("")
    })
}

fn kept<T, E: de::Error>(slot: &Slot, result: Result<T, E>) -> Result<T, Mistake> {
    result.map_err(|error| mistake(slot, &error))
}

// Here and below, what only a refusal needs is not inlined: it would be there once for each type that is read.
#[cold]
#[inline(never)]
fn mistake(slot: &Slot, error: &dyn std::fmt::Display) -> Mistake {
    slot.take().unwrap_or_else(|| Mistake::foreign(error))
}

struct Reading<D> {
    inner: D,
}

/// Methods that ask the format for a type.
macro_rules! typed {
    ($($method:ident($($argument:ident: $type:ty),*)),+) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Mistake> {
            let slot = Slot::default();
            kept(&slot, self.inner.$method($($argument,)* Watched { visitor, slot: &slot }))
        })+
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Reading<D> {
    type Error = Mistake;

    typed! {
        deserialize_any(), deserialize_bool(), deserialize_i8(), deserialize_i16(), deserialize_i32(), deserialize_i64(),
        deserialize_u8(), deserialize_u16(), deserialize_u32(), deserialize_u64(), deserialize_f32(), deserialize_f64(),
        deserialize_char(), deserialize_str(), deserialize_string(), deserialize_bytes(), deserialize_byte_buf(),
        deserialize_option(), deserialize_unit(), deserialize_unit_struct(name: &'static str), deserialize_seq(),
        deserialize_tuple(length: usize), deserialize_map(), deserialize_identifier(), deserialize_ignored_any(),
        // By its name a format knows what is to stay as it is.
        deserialize_tuple_struct(name: &'static str, length: usize)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let slot = Slot::default();
        kept(&slot, self.inner.deserialize_struct(name, fields, Watched { visitor, slot: &slot }))
    }

    /// A word; there are no enums that hold values.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let word: String = de::Deserialize::deserialize(self)?;
        visitor.visit_enum(word.into_deserializer())
    }
}

/// A type's visitor, whose refusals are kept.
struct Watched<'a, V> {
    visitor: V,
    slot: &'a Slot,
}

macro_rules! visits {
    ($($method:ident($($value:ident: $type:ty)?)),+) => {
        $(fn $method<E: de::Error>(self, $($value: $type)?) -> Result<V::Value, E> {
            keep(self.slot, self.visitor.$method($($value)?))
        })+
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.visitor.expecting(f)
    }

    visits! {
        visit_bool(value: bool), visit_i64(value: i64), visit_u64(value: u64), visit_f64(value: f64), visit_str(value: &str),
        visit_string(value: String),
        visit_unit(), visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        keep(self.slot, self.visitor.visit_some(Reading { inner }))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        keep(self.slot, self.visitor.visit_newtype_struct(Reading { inner }))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        keep(self.slot, self.visitor.visit_seq(Items { inner, index: 0 }))
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        keep(self.slot, self.visitor.visit_map(Members { inner, key: String::new() }))
    }
}

/// A part of a value.
struct Part<'a, S> {
    seed: S,
    slot: &'a Slot,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Part<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        keep(self.slot, self.seed.deserialize(Reading { inner }))
    }
}

struct Items<A> {
    inner: A,
    index: usize,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<A> {
    type Error = Mistake;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mistake> {
        let slot = Slot::default();
        let item = self.inner.next_element_seed(Part { seed, slot: &slot });
        let item = kept(&slot, item).map_err(|mistake| at_index(mistake, self.index))?;
        self.index += 1;
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

#[cold]
#[inline(never)]
fn at_index(mistake: Mistake, index: usize) -> Mistake {
    mistake.under(Step::Index(index))
}

#[cold]
#[inline(never)]
fn at_key(mistake: Mistake, key: &mut String) -> Mistake {
    mistake.under(Step::Key(std::mem::take(key)))
}

struct Members<A> {
    inner: A,
    key: String,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<A> {
    type Error = Mistake;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mistake> {
        let Some(key) = self.inner.next_key::<String>().map_err(|error| mistake(&Slot::default(), &error))? else {
            return Ok(None);
        };
        self.key.clone_from(&key);
        seed.deserialize(StringDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mistake> {
        let slot = Slot::default();
        let value = self.inner.next_value_seed(Part { seed, slot: &slot });
        kept(&slot, value).map_err(|mistake| at_key(mistake, &mut self.key))
    }
}
