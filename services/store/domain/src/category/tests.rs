//! The rules of a category, as given, when, then.

use proptest::prelude::*;

use super::*;
use crate::{Command, DEPTH_MAX, Event, Refusal, check_place, decide, evolve};

fn code(number: usize) -> CategoryCode {
    CategoryCode::new(&format!("C{number}")).unwrap()
}

fn id(number: usize) -> CategoryId {
    CategoryId::of(&code(number))
}

fn category(number: usize, parent: Option<usize>) -> Category {
    Category {
        code: code(number),
        name: Name::new("Spirits").unwrap(),
        parent: parent.map(code),
        status: CategoryStatus::Active,
    }
}

/// What a command does to a category with a history.
fn when(
    history: &[Event<Category>],
    changes: CategoryChanges,
) -> Result<Vec<Event<Category>>, Refusal<Category>> {
    let state = history.iter().fold(None, evolve);
    decide(state.as_ref(), &Command::Update(id(1), changes))
}

#[test]
fn a_category_is_registered_renamed_moved_and_removed() {
    let registered = decide(None, &Command::Register(category(1, None))).unwrap();
    assert_eq!(registered, [Event::Registered(category(1, None))]);
    assert_eq!(registered[0].event_type(), "CategoryRegisteredEvent");
    let after = Category {
        name: Name::new("Whisky").unwrap(),
        status: CategoryStatus::Removed,
        ..category(1, Some(2))
    };
    let changes = CategoryChanges {
        name: Some(after.name.clone()),
        parent: Change::Set(code(2)),
        status: Some(CategoryStatus::Removed),
    };
    assert_eq!(when(&registered, changes.clone()), Ok(vec![Event::Updated(after.clone())]));
    assert_eq!(when(&[Event::Updated(after.clone())], changes), Ok(vec![]));
    let to_the_top = CategoryChanges { parent: Change::Clear, ..CategoryChanges::default() };
    let at_the_top = Category { parent: None, ..after.clone() };
    assert_eq!(when(&[Event::Updated(after)], to_the_top), Ok(vec![Event::Updated(at_the_top)]));
}

#[test]
fn it_stands_below_a_category_that_is_in_use() {
    assert_eq!(check_place(&category(1, None), &[]), Ok(()));
    assert_eq!(check_place(&category(1, Some(2)), &[category(2, None)]), Ok(()));
    let unknown = check_place(&category(1, Some(2)), &[]).unwrap_err();
    assert_eq!(unknown, Refusal::ParentNotFound { parent: code(2) });
    let removed = Category { status: CategoryStatus::Removed, ..category(2, None) };
    let unused = check_place(&category(1, Some(2)), std::slice::from_ref(&removed)).unwrap_err();
    assert_eq!(unused.code(), "parent-not-found");
    // where it is removed itself, its place is no matter
    let both = Category { status: CategoryStatus::Removed, ..category(1, Some(2)) };
    assert_eq!(check_place(&both, &[removed]), Ok(()));
}

#[test]
fn it_never_stands_below_itself() {
    let circle = Err(Refusal::Circle { code: code(1), parent: code(1) });
    assert_eq!(check_place(&category(1, Some(1)), &[]), circle);
    let above = [category(2, Some(3)), category(3, Some(1))];
    let circle = check_place(&category(1, Some(2)), &above).unwrap_err();
    assert_eq!(circle.code(), "parent-circle");
    assert!(circle.to_string().contains("which is it or is below it"), "{circle}");
}

#[test]
fn a_tree_has_a_depth() {
    let above: Vec<Category> = (2..)
        .zip(3..)
        .map(|(number, parent)| category(number, Some(parent)))
        .take(DEPTH_MAX)
        .collect();
    assert_eq!(check_place(&category(1, Some(2)), &above[..DEPTH_MAX - 1]), Ok(()));
    assert_eq!(check_place(&category(1, Some(2)), &above).unwrap_err().code(), "parent-too-deep");
}

proptest! {
    /// Whatever is moved below whatever: who goes up from anywhere comes to the top.
    #[test]
    fn no_moves_make_a_circle(moves in proptest::collection::vec((0_usize..8, 0_usize..8), 0..60)) {
        let mut tree: Vec<Category> = (0..8).map(|number| category(number, None)).collect();
        let at = |code: &CategoryCode| code.as_str()[1..].parse::<usize>().unwrap();
        let above = |tree: &[Category], moved: &Category| {
            let mut above: Vec<Category> = Vec::new();
            let mut next = moved.parent.clone();
            while let Some(parent) = next.filter(|parent| *parent != moved.code && above.len() < 8) {
                above.push(tree[at(&parent)].clone());
                next = tree[at(&parent)].parent.clone();
            }
            above
        };
        for (number, parent) in moves {
            let moved = category(number, Some(parent));
            if check_place(&moved, &above(&tree, &moved)).is_ok() {
                tree[number] = moved;
            }
        }
        for one in &tree {
            let (mut steps, mut next) = (0, one.parent.as_ref());
            while let Some(parent) = next {
                next = tree[at(parent)].parent.as_ref();
                steps += 1;
                prop_assert!(steps < 8, "a circle: {:?}", tree);
            }
        }
    }
}

#[test]
fn all_spellings_of_a_code_are_one_category() {
    let of = |text| CategoryId::of(&CategoryCode::new(text).unwrap());
    assert_eq!(of("Spirits"), of("SPIRITS"));
    assert_ne!(of("Spirits"), of("Spirit"));
    assert_eq!(of("Spirits").to_string(), "6ac826ab-f84b-5356-b58f-e6841be82ca2");
    assert_eq!(Category::stream(of("a")).as_str(), format!("category-{}", of("a")));
}
