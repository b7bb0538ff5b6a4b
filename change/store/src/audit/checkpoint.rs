//! Checkpoints: size and head of the ledger, signed with a key that is not in the database.
//! Written by the app after decisions and runs and copied outside; held against the ledger by verify.
//! Must never be believed before its signature is checked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chopmark_domain::digest::Digest;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};

/// The sign before a signature line, as in signed notes (<https://c2sp.org/signed-note>).
const SIGNATURE: &str = "\u{2014} ";
/// The type byte of Ed25519 in the key id of signed notes.
const ED25519_TYPE: u8 = 1;
/// A note is five short lines; anything longer is none of ours.
const LONGEST: usize = 4096;

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose ledger: the name of the install.
    pub origin: String,
    /// How many entries.
    pub size: i64,
    /// Hash of the newest of them.
    pub head: Digest,
}

/// Why a note is no checkpoint of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not three lines, an empty one, and a signature.
    #[error("this is not a checkpoint")]
    Form,
    /// It is signed by another name or key.
    #[error("the checkpoint is signed by another key")]
    OtherKey,
    /// The signature does not fit.
    #[error("the checkpoint's signature does not fit")]
    Signature,
    /// The key cannot be read, or its name has a space, a plus or a line break.
    #[error("the checkpoint key cannot be used")]
    Key,
}

/// Signs checkpoints. The key comes from a file that the app keeps.
pub struct Signer {
    origin: String,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// A signer from a PKCS#8 key.
    ///
    /// # Errors
    /// [`CheckpointError::Key`].
    pub fn new(origin: &str, pkcs8: &[u8]) -> Result<Self, CheckpointError> {
        check_name(origin)?;
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(|_| CheckpointError::Key)?;
        Ok(Self { origin: origin.to_owned(), pair })
    }

    /// What others need to verify with.
    pub fn key(&self) -> CheckpointKey {
        CheckpointKey { origin: self.origin.clone(), public: self.pair.public_key().as_ref().to_vec() }
    }

    /// The signed note for a ledger of that size with that head.
    pub fn checkpoint(&self, size: i64, head: &Digest) -> String {
        let text = format!("{}\n{}\n{}\n", self.origin, size, STANDARD.encode(head.bytes()));
        let mut signed = self.key().id().to_vec();
        signed.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n{SIGNATURE}{} {}\n", self.origin, STANDARD.encode(signed))
    }
}

/// The public half: name and key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointKey {
    origin: String,
    public: Vec<u8>,
}

impl CheckpointKey {
    /// Reads `name+key id+key`, as signed notes write verifier keys.
    ///
    /// # Errors
    /// [`CheckpointError::Key`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(origin), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CheckpointError::Key);
        };
        check_name(origin)?;
        let key = STANDARD.decode(key).map_err(|_| CheckpointError::Key)?;
        let public = match key.split_first() {
            Some((&ED25519_TYPE, public)) if public.len() == 32 => public.to_vec(),
            _ => return Err(CheckpointError::Key),
        };
        let key = Self { origin: origin.to_owned(), public };
        if hex(&key.id()) == id { Ok(key) } else { Err(CheckpointError::Key) }
    }

    /// The first four bytes of SHA-256 over name, line break, type and key.
    fn id(&self) -> [u8; 4] {
        let mut bytes = format!("{}\n", self.origin).into_bytes();
        bytes.push(ED25519_TYPE);
        bytes.extend_from_slice(&self.public);
        let [a, b, c, d, ..] = *Digest::of(&bytes).bytes();
        [a, b, c, d]
    }
}

impl std::fmt::Display for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut typed = vec![ED25519_TYPE];
        typed.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.origin, hex(&self.id()), STANDARD.encode(typed))
    }
}

impl Checkpoint {
    /// Reads a note and verifies its signature.
    ///
    /// # Errors
    /// [`CheckpointError`] says what does not fit.
    pub fn verify(note: &str, key: &CheckpointKey) -> Result<Self, CheckpointError> {
        let form = || CheckpointError::Form;
        if note.len() > LONGEST {
            return Err(form());
        }
        let (text, signatures) = note.split_once("\n\n").ok_or_else(form)?;
        let text = format!("{text}\n");
        let line = signatures.strip_suffix('\n').filter(|line| !line.contains('\n')).ok_or_else(form)?;
        let (name, signed) = line.strip_prefix(SIGNATURE).and_then(|line| line.split_once(' ')).ok_or_else(form)?;
        let signed = STANDARD.decode(signed).map_err(|_| form())?;
        let (id, signature) = signed.split_at_checked(4).ok_or_else(form)?;
        if name != key.origin || id != key.id() {
            return Err(CheckpointError::OtherKey);
        }
        let verified = UnparsedPublicKey::new(&ED25519, &key.public).verify(text.as_bytes(), signature);
        verified.map_err(|_| CheckpointError::Signature)?;
        let checkpoint = Self::parse(&text)?;
        if checkpoint.origin == key.origin { Ok(checkpoint) } else { Err(CheckpointError::OtherKey) }
    }

    /// Reads the three lines of a note. Says nothing about who wrote them.
    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let form = CheckpointError::Form;
        let lines: Vec<_> = text.strip_suffix('\n').ok_or(form)?.split('\n').collect();
        let [origin, size, head] = lines[..] else { return Err(form) };
        if size.is_empty() || !size.bytes().all(|b| b.is_ascii_digit()) || (size.len() > 1 && size.starts_with('0')) {
            return Err(form);
        }
        let head = STANDARD.decode(head).map_err(|_| form)?;
        let head = hex(&head).parse().map_err(|_| form)?;
        Ok(Self { origin: origin.to_owned(), size: size.parse().map_err(|_| form)?, head })
    }
}

/// Names of signed notes hold no space and no plus.
fn check_name(origin: &str) -> Result<(), CheckpointError> {
    let plain = !origin.is_empty() && !origin.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+');
    if plain { Ok(()) } else { Err(CheckpointError::Key) }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
