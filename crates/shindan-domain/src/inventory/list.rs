//! The list of components of an inventory, and a component that answers share with it.

use std::fmt;
use std::ops::{Deref, DerefMut, Range};
use std::sync::{Arc, OnceLock};

use super::{Component, ComponentRef, PackedComponents};

/// Components in the order of the file.
///
/// A large SBOM is kept packed. Whoever goes through it with [`Components::visit`], or prints what an answer shares with
/// it by [`SharedComponent::view`], leaves it so; whoever takes it as a slice has all of it unpacked once, which costs
/// several times as much memory.
#[derive(Clone, Default)]
pub struct Components {
    packed: Option<Arc<PackedComponents>>,
    /// What is packed, once somebody took it as a slice.
    unpacked: OnceLock<Vec<Component>>,
    /// The components where nothing is packed.
    plain: Vec<Component>,
}

impl Components {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.packed.as_ref().map_or(self.plain.len(), |packed| packed.len())
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows each component of a part to `see`, with its number; what lies outside the list is left out.
    ///
    /// # Errors
    /// The first one of `see`.
    pub fn visit<E>(
        &self,
        part: Range<usize>,
        mut see: impl FnMut(usize, &Component) -> Result<(), E>,
    ) -> Result<(), E> {
        let part = part.start..part.end.min(self.len());
        let Some(packed) = &self.packed else {
            let components = self.plain.get(part.clone()).unwrap_or_default();
            return part.zip(components).try_for_each(|(number, component)| see(number, component));
        };
        let mut component = Component::default();
        for number in part {
            if packed.fill(number, &mut component) {
                see(number, &component)?;
            }
        }
        Ok(())
    }

    /// As [`Components::visit`], for who goes through all of them and cannot fail.
    pub fn visit_all(&self, mut see: impl FnMut(usize, &Component)) {
        let Ok(()) = self.visit(0..self.len(), |number, component| {
            see(number, component);
            Ok::<(), std::convert::Infallible>(())
        });
    }

    /// What is printed of each.
    pub fn views(&self) -> impl Iterator<Item = ComponentRef<'_>> {
        (0..self.len()).filter_map(|number| match &self.packed {
            Some(packed) => packed.view(number),
            None => self.plain.get(number).map(ComponentRef::from),
        })
    }

    /// A component that outlives the list; `None` if there is none of this number.
    pub fn share(&self, number: usize) -> Option<SharedComponent> {
        let Some(packed) = &self.packed else {
            return self.plain.get(number).cloned().map(SharedComponent::from);
        };
        let short = u32::try_from(number).ok().filter(|_| number < packed.len())?;
        let of = Some((Arc::clone(packed), short));
        Some(SharedComponent(Arc::new(Shared { of, made: OnceLock::new() })))
    }

    /// The list, to be changed.
    pub fn edit(&mut self) -> &mut Vec<Component> {
        if let Some(packed) = self.packed.take() {
            self.plain = self.unpacked.take().unwrap_or_else(|| unpack(&packed));
        }
        &mut self.plain
    }

    /// The components alone.
    pub fn into_vec(mut self) -> Vec<Component> {
        std::mem::take(self.edit())
    }
}

fn unpack(packed: &PackedComponents) -> Vec<Component> {
    (0..packed.len()).filter_map(|number| packed.get(number)).collect()
}

impl From<PackedComponents> for Components {
    fn from(mut packed: PackedComponents) -> Self {
        packed.shrink();
        Components { packed: Some(Arc::new(packed)), ..Components::default() }
    }
}

impl From<Vec<Component>> for Components {
    fn from(plain: Vec<Component>) -> Self {
        Components { plain, ..Components::default() }
    }
}

impl FromIterator<Component> for Components {
    fn from_iter<I: IntoIterator<Item = Component>>(all: I) -> Self {
        all.into_iter().collect::<Vec<_>>().into()
    }
}

impl Deref for Components {
    type Target = [Component];

    fn deref(&self) -> &[Component] {
        match &self.packed {
            Some(packed) => self.unpacked.get_or_init(|| unpack(packed)),
            None => &self.plain,
        }
    }
}

impl DerefMut for Components {
    fn deref_mut(&mut self) -> &mut [Component] {
        self.edit()
    }
}

impl<'c> IntoIterator for &'c Components {
    type Item = &'c Component;
    type IntoIter = std::slice::Iter<'c, Component>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Components {
    type Item = Component;
    type IntoIter = std::vec::IntoIter<Component>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl PartialEq for Components {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Components {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// A component that an answer speaks of. One of a packed list is made only when it is asked for what it is; what is
/// printed of it is read where it stands ([`SharedComponent::view`]).
#[derive(Clone)]
pub struct SharedComponent(Arc<Shared>);

struct Shared {
    /// The list in which it is packed, and its number there.
    of: Option<(Arc<PackedComponents>, u32)>,
    made: OnceLock<Box<Component>>,
}

impl SharedComponent {
    /// What is printed of it.
    pub fn view(&self) -> ComponentRef<'_> {
        let packed = match (self.0.made.get(), &self.0.of) {
            (None, Some((packed, number))) => packed.view(*number as usize),
            _ => None,
        };
        packed.unwrap_or_else(|| ComponentRef::from(&**self))
    }

    /// Where it stands in memory, as long as it is kept: equal for what shares it.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

impl Deref for SharedComponent {
    type Target = Component;

    fn deref(&self) -> &Component {
        self.0.made.get_or_init(|| {
            let packed = self.0.of.as_ref().and_then(|(packed, number)| packed.get(*number as usize));
            Box::new(packed.unwrap_or_default())
        })
    }
}

impl AsRef<Component> for SharedComponent {
    fn as_ref(&self) -> &Component {
        self
    }
}

impl From<Component> for SharedComponent {
    fn from(component: Component) -> Self {
        SharedComponent(Arc::new(Shared { of: None, made: OnceLock::from(Box::new(component)) }))
    }
}

impl Default for SharedComponent {
    fn default() -> Self {
        Component::default().into()
    }
}

impl PartialEq for SharedComponent {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl fmt::Debug for SharedComponent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Texts;
    use super::*;

    fn samples() -> Vec<Component> {
        let component = |name: &str, pointer: &str| Component {
            name: name.to_owned(),
            version: Some("1.0".to_owned()),
            pointer: pointer.to_owned(),
            ..Component::default()
        };
        vec![
            Component { purl: Some("pkg:npm/a@1.0".to_owned()), ..component("a", "/components/0") },
            Component { version: None, ..component("", "/components/0/components/0") },
            Component { version: Some(String::new()), ..component("診断", "/components/1") },
            Component { cpe: Some("cpe:/a:b:c".to_owned()), ..component("c", "/packages/07") },
            Component { own: true, asset: Some(3), ..component("own", "line 4294967295") },
            Component { bom_link: Some("urn:cdx:x/1#d".to_owned()), ..component("d", "line 4294967294") },
            Component { model: Some("M".to_owned()), updates: Some(Vec::new()), ..component("e", "") },
            Component { name: "n".repeat(100_000), ..component("", "99999999999999999999") },
            component("last", "/components/2"),
        ]
    }

    fn packed(all: &[Component]) -> PackedComponents {
        let mut packed = PackedComponents::default();
        all.iter().cloned().for_each(|component| packed.push(component));
        packed
    }

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        let all = samples();
        let list = Components::from(packed(&all));
        assert_eq!(list.len(), all.len());
        let mut seen = Vec::new();
        list.visit_all(|number, component| seen.push((number, component.clone())));
        assert_eq!(seen, all.iter().cloned().enumerate().collect::<Vec<_>>());
        for (view, component) in list.views().zip(&all) {
            let plain = ComponentRef::from(component);
            assert_eq!(ComponentRef { pointer: plain.pointer, ..view }, plain);
            assert_eq!(view.pointer.to_string(), component.pointer);
        }
        for (number, component) in all.iter().enumerate() {
            let shared = list.share(number).expect("listed");
            assert_eq!(shared.view().pointer.to_string(), component.pointer);
            assert_eq!(*shared, *component);
            assert_eq!(shared.view().name, component.name, "once it was made, too");
        }
        assert!(list.share(all.len()).is_none());
        assert!(list.unpacked.get().is_none(), "nothing of this unpacks the list");
        assert_eq!(*list, *all);
        assert_eq!(list.into_vec(), all);
    }

    #[test]
    fn parts_end_with_the_list() {
        for list in [Components::from(packed(&samples())), Components::from(samples())] {
            let part = |part: Range<usize>| {
                let mut seen = Vec::new();
                let stopped = list.visit(part, |number, _| {
                    seen.push(number);
                    if number == 5 { Err("enough") } else { Ok(()) }
                });
                (seen, stopped)
            };
            assert_eq!(part(1..3), (vec![1, 2], Ok(())));
            assert_eq!(part(7..90), (vec![7, 8], Ok(())));
            assert_eq!(part(90..91), (vec![], Ok(())));
            assert_eq!(part(4..9), (vec![4, 5], Err("enough")));
        }
    }

    #[test]
    fn a_packed_list_is_changed_like_any_other() {
        let mut all = samples();
        let mut kept = packed(&all);
        kept.set(2, Texts { name: "new", ..Texts::default() });
        kept.set_link(2, "urn:cdx:y/1#n".to_owned());
        kept.set_link(6, "urn:cdx:y/1#e".to_owned());
        assert_eq!(kept.remove(1).as_ref(), Some(&all[1]));
        assert_eq!(kept.remove(99), None);
        kept.set(99, Texts::default());
        let changed = Component { own: true, ..all[3].clone() };
        kept.replace(2, changed.clone());
        let link = |link: &str| Some(link.to_owned());
        all[2] = Component {
            name: "new".to_owned(),
            version: None,
            bom_link: link("urn:cdx:y/1#n"),
            ..all[2].clone()
        };
        all[3] = changed;
        all[6].bom_link = link("urn:cdx:y/1#e");
        all.remove(1);
        let mut list = Components::from(kept);
        assert_eq!(*list, *all);
        list.edit().pop();
        list[0].name = "b".to_owned();
        all.pop();
        all[0].name = "b".to_owned();
        assert_eq!(list, Components::from(all));
    }
}
