//! A [`Node`] as serde's source of values; every complaint leaves it with its place and its path.
//!
//! Stricter than serde's derives: a list is no struct, a number is no text, and `null` is no empty map.

use super::{
    fault::Fault,
    node::{At, Key, Node, Shape, Step},
    placed,
};
use serde::{
    de::{self, Error, IntoDeserializer, Unexpected, Visitor},
    forward_to_deserialize_any,
};
use std::{iter::Enumerate, slice::Iter};

/// A tree, to be read by serde.
#[derive(Clone, Copy)]
pub(super) struct Tree<'de>(pub(super) &'de Node);

impl<'de> de::Deserializer<'de> for Tree<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.0.shape {
            Shape::Null => visitor.visit_unit(),
            Shape::Bool(b) => visitor.visit_bool(*b),
            Shape::Int(i) => visitor.visit_i64(*i),
            Shape::UInt(u) => visitor.visit_u64(*u),
            Shape::Float(x) => visitor.visit_f64(*x),
            Shape::Text(text) => visitor.visit_borrowed_str(text),
            Shape::Seq(items) => visitor.visit_seq(Items(items.iter().enumerate())),
            Shape::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
        }
        .map_err(|fault| fault.placed(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0.shape {
            Shape::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self).map_err(|fault| fault.placed(self.0))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == placed::NAME {
            return visitor.visit_map(WithPlace::new(self, self.0.at));
        }
        match self.0.shape {
            Shape::Seq(_) => Err(Fault::invalid_type(Unexpected::Seq, &"a map").placed(self.0)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.0.shape {
            Shape::Text(word) => visitor.visit_enum(word.as_str().into_deserializer()),
            Shape::Map(entries) => match entries.iter().filter(|(_, node)| !node.dropped).collect::<Vec<_>>()[..] {
                [(key, node)] => visitor.visit_enum(Variant { key, node }),
                _ => Err(Fault::custom(format_args!("expected exactly one key, found {}", entries.len()))),
            },
            other => Err(Fault::custom(format_args!("expected a word or a map of one key, found {other}"))),
        }
        .map_err(|fault| fault.placed(self.0))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'de>(Enumerate<Iter<'de, Node>>);

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        let Some((index, node)) = self.0.find(|(_, node)| !node.dropped) else {
            return Ok(None);
        };
        seed.deserialize(Tree(node)).map(Some).map_err(|fault| fault.placed(node).under(Step::Index(index)))
    }
}

struct Entries<'de> {
    rest: Iter<'de, (Key, Node)>,
    value: Option<&'de (Key, Node)>,
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = Fault;

    fn next_key_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.value = self.rest.find(|(_, node)| !node.dropped);
        let Some((key, _)) = self.value else {
            return Ok(None);
        };
        seed.deserialize(Word(key)).map(Some).map_err(|fault| fault.placed_at(key).under(Step::Key(key.text.clone())))
    }

    fn next_value_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((key, node)) = self.value.take() else {
            return Err(Fault::custom("a value without its key"));
        };
        seed.deserialize(Tree(node))
            .map_err(|fault| fault.placed(node).lifted_to(key).under(Step::Key(key.text.clone())))
    }
}

/// A map's key: a word, or a number where the type wants one.
struct Word<'de>(&'de Key);

macro_rules! number_keys {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let text = self.0.text.as_str();
            match (text.parse::<u64>(), text.parse::<i64>()) {
                // `09` beside `9` would be the same key twice, and one of their values would be lost.
                (Ok(n), _) if n.to_string() == text => visitor.visit_u64(n),
                (_, Ok(n)) if n.to_string() == text => visitor.visit_i64(n),
                _ => visitor.visit_borrowed_str(text),
            }
        }
    )* }
}

impl<'de> de::Deserializer<'de> for Word<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(&self.0.text)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let at = self.0.at;
        if name == placed::NAME { visitor.visit_map(WithPlace::new(self, at)) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(self.0.text.as_str().into_deserializer())
    }

    number_keys! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    forward_to_deserialize_any! {
        bool i128 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map
        identifier ignored_any
    }
}

/// What [`placed::Placed`] reads: the value, then its place.
struct WithPlace<D> {
    value: Option<D>,
    at: At,
    fields: Iter<'static, &'static str>,
}

impl<D> WithPlace<D> {
    fn new(value: D, at: At) -> Self {
        Self { value: Some(value), at, fields: placed::FIELDS.iter() }
    }
}

impl<'de, D: de::Deserializer<'de, Error = Fault>> de::MapAccess<'de> for WithPlace<D> {
    type Error = Fault;

    fn next_key_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Fault> {
        self.fields.next().map(|field| seed.deserialize((*field).into_deserializer())).transpose()
    }

    fn next_value_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        if let Some(value) = self.value.take() {
            return seed.deserialize(value);
        }
        let At { file, line, col, len } = self.at;
        let numbers = [u32::from(file), line, col, len];
        seed.deserialize(de::value::SeqDeserializer::new(numbers.into_iter()))
    }
}

struct Variant<'de> {
    key: &'de Key,
    node: &'de Node,
}

impl Variant<'_> {
    fn fault(&self, fault: Fault) -> Fault {
        fault.placed(self.node).lifted_to(self.key).under(Step::Key(self.key.text.clone()))
    }
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let word: de::value::StrDeserializer<'de, Fault> = self.key.text.as_str().into_deserializer();
        let variant = seed
            .deserialize(word)
            .map_err(|fault| fault.placed_at(self.key).under(Step::Key(self.key.text.clone())))?;
        Ok((variant, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        <() as de::Deserialize>::deserialize(Tree(self.node)).map_err(|fault| self.fault(fault))
    }

    fn newtype_variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(Tree(self.node)).map_err(|fault| self.fault(fault))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_seq(Tree(self.node), visitor).map_err(|fault| self.fault(fault))
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Fault> {
        de::Deserializer::deserialize_struct(Tree(self.node), "", fields, visitor).map_err(|fault| self.fault(fault))
    }
}
