//! Packing: pieces of markup into texts that Discord takes.
//! Used by cards and posts.
//! Must never break inside a block without closing it, nor go over the limit by a byte.

use super::lines::{Block, Piece};
use crate::limits;

/// How long texts are, in the units that Discord counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Size {
    /// UTF-16 code units.
    pub(super) units: usize,
    /// Bytes in UTF-8.
    pub(super) bytes: usize,
}

impl Size {
    /// What one message takes.
    pub(super) const MESSAGE: Self = Self { units: limits::TEXT, bytes: limits::TEXT_BYTES };

    pub(super) fn of(text: &str) -> Self {
        Self { units: text.encode_utf16().count(), bytes: text.len() }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { units: self.units + other.units, bytes: self.bytes + other.bytes }
    }

    pub(super) fn less(self, other: Self) -> Self {
        Self { units: self.units.saturating_sub(other.units), bytes: self.bytes.saturating_sub(other.bytes) }
    }

    pub(super) fn holds(self, other: Self) -> bool {
        other.units <= self.units && other.bytes <= self.bytes
    }
}

/// What ends a block of code.
const END: &str = "\n```";

/// A text that grows by pieces.
#[derive(Debug, Default)]
struct Text {
    out: String,
    size: Size,
    block: Option<Block>,
}

impl Text {
    /// Adds a piece, if the text with it and with the end of its block fits.
    fn push(&mut self, piece: &Piece, room: Size) -> bool {
        let mut more = String::new();
        if self.block != Some(piece.block) && matches!(self.block, Some(Block::Fence(_))) {
            more.push_str(END);
        }
        if self.block.is_some() {
            more.push('\n');
        }
        match piece.block {
            Block::Fence(language) if self.block != Some(piece.block) => more.push_str(&format!("```{language}\n")),
            Block::Fence(_) | Block::Words => {}
            Block::Quote => more.push_str("> "),
        }
        more.push_str(&piece.text);
        let size = self.size.plus(Size::of(&more));
        let ends = if matches!(piece.block, Block::Fence(_)) { Size::of(END) } else { Size::default() };
        if !room.holds(size.plus(ends)) {
            return false;
        }
        self.out.push_str(&more);
        (self.size, self.block) = (size, Some(piece.block));
        true
    }

    fn end(mut self) -> String {
        if let Some(Block::Fence(_)) = self.block {
            self.out.push_str(END);
        }
        self.out
    }
}

/// All pieces as one text, however long.
pub(super) fn whole(pieces: &[Piece]) -> String {
    let mut text = Text::default();
    for piece in pieces {
        text.push(piece, Size { units: usize::MAX, bytes: usize::MAX });
    }
    text.end()
}

/// The pieces in texts that fit, in order: a block that goes on is closed and begun again. A piece always fits alone.
pub(super) fn pack(pieces: &[Piece], room: Size) -> Vec<String> {
    let mut out = Vec::new();
    let mut text = Text::default();
    for piece in pieces {
        if !text.push(piece, room) {
            out.push(std::mem::take(&mut text).end());
            text.push(piece, room);
        }
    }
    out.push(text.end());
    out.retain(|text| !text.trim().is_empty());
    out
}
