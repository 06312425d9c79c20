//! Signs that a number near a name is another quantity than the name's figure:
//! a comparison, a sum, a rate, a part, the past, a supposition. Words of
//! English; where a figure's own label has such a word, it is no sign.

/// The table of words, in lower case and between spaces.
struct Signs {
    /// Anywhere in the sentence: sums.
    sums: &'static [&'static str],
    /// In the clause before the number: past and change, addition.
    before: &'static [&'static str],
    /// In the clause after it: comparison, distance, past.
    after: &'static [&'static str],
    /// Right after it: what goes with it.
    next: &'static [&'static str],
    /// Anywhere in the clause: suppositions, states, packages.
    clause: &'static [&'static str],
    /// After `a`, `an`, `each` and `every`: rates.
    periods: &'static [&'static str],
    /// Before a name: it is the object of the noun before.
    objects: &'static [&'static str],
    /// Between such a word and the name.
    articles: &'static [&'static str],
    /// Before a noun: several of it.
    counts: &'static [&'static str],
    /// Nouns that mean the figure itself: `the price of the X`, `300 W of power`.
    kinds: &'static [&'static str],
}

const SIGNS: Signs = Signs {
    sums: &[
        "together",
        "in total",
        "altogether",
        "combined",
        "both",
        "in all",
    ],
    before: &[
        "was",
        "were",
        "had",
        "used to",
        "fell",
        "rose",
        "dropped",
        "climbed",
        "went",
        "formerly",
        "previously",
        "originally",
        "once",
        "last year",
        "add",
        "adds",
        "save",
        "saves",
        "gain",
        "gains",
        "lose",
        "loses",
    ],
    after: &[
        "than",
        "more",
        "less",
        "fewer",
        "cheaper",
        "dearer",
        "lighter",
        "heavier",
        "longer",
        "shorter",
        "faster",
        "slower",
        "larger",
        "bigger",
        "smaller",
        "higher",
        "lower",
        "wider",
        "extra",
        "off",
        "away",
        "apart",
        "left",
        "ago",
        "at launch",
        "last year",
        "monthly",
        "yearly",
        "annually",
        "per",
    ],
    next: &["with", "without", "when", "while", "including", "plus"],
    clause: &[
        "if", "unless", "would", "could", "might", "suppose", "imagine", "shipping", "shipped",
        "packed", "standby", "idle",
    ],
    periods: &[
        "second", "minute", "hour", "day", "night", "week", "month", "year",
    ],
    objects: &["for", "on", "of", "to", "against"],
    articles: &["a", "an", "the", "our", "your", "this", "that"],
    counts: &["two", "three", "four", "five", "six", "several"],
    kinds: &[
        "price", "cost", "weight", "mass", "power", "draw", "wattage", "memory", "storage",
        "capacity", "length", "width", "height", "size", "volume", "range", "speed",
    ],
};

/// Where a number stands.
pub(super) struct Around<'a> {
    pub sentence: &'a str,
    /// The sentence before the number.
    pub until: &'a str,
    /// The clause before the number, and after it.
    pub before: &'a str,
    pub after: &'a str,
    /// The sentence before the name, where the name stands before the number.
    pub name: Option<&'a str>,
    /// The words of the figures that it may be, as their labels have them.
    pub labels: &'a [String],
}

impl Around<'_> {
    /// Whether the words around a number say that it is no figure of the name.
    pub fn is_elsewhere(&self) -> bool {
        let before = plain(self.before);
        let after = plain(self.after);
        let clause = format!("{before}{after}");
        self.has(&plain(self.sentence), SIGNS.sums)
            || self.has(&before, SIGNS.before)
            || self.has(&after, SIGNS.after)
            || self.has(&clause, SIGNS.clause)
            || (after.split_whitespace().next()).is_some_and(|word| SIGNS.next.contains(&word))
            || is_rate(&after)
            || is_dated(&plain(self.until))
            || is_dated(&after)
            || self.is_material(&after)
            || is_one_of_several(&before)
            || self.is_aside()
            || self.name.is_some_and(|name| self.is_object(name))
    }

    /// Whether they say so of a number that is equal to the name's figure: it is
    /// a rate, or that of a material, a part or a thing for it.
    pub fn is_of_another(&self) -> bool {
        let after = plain(self.after);
        let second = after.split_whitespace().nth(1);
        let is_its_own = second.is_some_and(|word| SIGNS.articles.contains(&word));
        is_rate(&after)
            || self.is_material(&after) && !is_its_own
            || is_one_of_several(&plain(self.before))
            || self.name.is_some_and(|name| self.is_object(name))
    }

    fn has(&self, text: &str, signs: &[&str]) -> bool {
        signs.iter().any(|sign| {
            text.contains(&format!(" {sign} ")) && !self.labels.iter().any(|label| label == sign)
        })
    }

    /// Whether a noun means the figure itself.
    fn is_figure(&self, noun: &str) -> bool {
        let one = noun.strip_suffix('s').unwrap_or(noun);
        SIGNS.kinds.contains(&one)
            || self
                .labels
                .iter()
                .any(|label| label == noun || label == one)
    }

    /// `9.9 kg of steel`, and not `16 GB of fast memory`.
    fn is_material(&self, after: &str) -> bool {
        let mut words = after.split_whitespace();
        words.next() == Some("of") && !words.any(|word| self.is_figure(word))
    }

    /// `(5 min from the shop)`, and not `(1600 W)`.
    fn is_aside(&self) -> bool {
        let inside = self.until.trim_end().ends_with('(');
        let rest = self.after.split([')', ',', ';']).next();
        let rest = plain(rest.unwrap_or_default());
        let mut words = rest.split_whitespace().peekable();
        inside && words.peek().is_some() && !words.any(|word| self.is_figure(word))
    }

    /// `A bag for the X`, and not `The price of the X`.
    fn is_object(&self, before_name: &str) -> bool {
        let before = plain(before_name);
        let mut words = before.split_whitespace().rev().peekable();
        while words.next_if(|w| SIGNS.articles.contains(w)).is_some() {}
        let object = words.next().is_some_and(|w| SIGNS.objects.contains(&w));
        object && words.next().is_some_and(|noun| !self.is_figure(noun))
    }
}

/// `3 EUR a month`.
fn is_rate(after: &str) -> bool {
    let mut words = after.split_whitespace();
    matches!(words.next(), Some("a" | "an" | "each" | "every"))
        && words.next().is_some_and(|w| SIGNS.periods.contains(&w))
}

/// `Before 2024`, `until 2019`.
fn is_dated(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let year = pair[1].len() == 4 && (pair[1].starts_with("19") || pair[1].starts_with("20"));
        year && matches!(pair[0], "before" | "until" | "till")
    })
}

/// `two boilers of 0.9 l`.
fn is_one_of_several(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    words.next() == Some("of") && words.take(3).any(|word| SIGNS.counts.contains(&word))
}

/// The words of a text in lower case, with a space before and after each.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + &word.to_lowercase() + " ")
}
