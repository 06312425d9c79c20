//! Tokens to a tree, by binding power (Pratt). The first thing that can't be
//! read ends it: what follows a slip would be guesses.

use std::ops::Range;

use super::ast::{Ast, AstKind, Operator};
use super::ir::{Arithmetic, Comparison};
use super::lexer::{Token, TokenKind};
use super::{ExprError, Segment};
use crate::diag::Code;

/// How deep brackets, calls and prefixes may nest. The parser recurses.
const NESTING: usize = 64;
/// How deep a tree may be: a chain of operators deepens it without nesting.
const DEPTH: usize = 100;
/// Binding power of `not`.
const NOT: u8 = 3;
/// Binding power of a minus sign.
const MINUS: u8 = 7;

/// All operators, those that bind least first: their spellings, and what they
/// give. Those of one row bind alike, from the left.
pub const OPERATORS: &[(&[&str], &str)] = &[
    (&["or"], "true if one side is"),
    (&["and"], "true if both sides are"),
    (&["not"], "true if what follows is false"),
    (
        &["==", "!=", "<", "<=", ">", ">=", "in", "not in"],
        "a comparison; numbers and dates have an order, other values are equal or not; `in` asks a set, a list or a range. These can't be chained",
    ),
    (
        &["+", "-"],
        "a sum or difference of one dimension, in the unit of the left side; of two dates the days between them",
    ),
    (
        &["*", "/"],
        "a product or quotient with its unit; a quotient keeps 9 decimals",
    ),
    (&["-"], "before a figure: its negative"),
];

pub(super) fn parse(text: &str, tokens: &[Token]) -> Result<Ast, ExprError> {
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        nesting: 0,
    };
    let tree = parser.expression(0)?;
    match parser.peek().kind {
        TokenKind::End => Ok(tree),
        _ => Err(parser.no_operator()),
    }
}

/// Words that other languages have for operators, and what is written here.
const FOREIGN: &[(&str, &str)] = &[
    (",", "write `and`, or `or`"),
    (
        "asc",
        "write it last, behind a space: `sort = \"price asc\"`",
    ),
    ("ascending", "write `asc`"),
    ("descending", "write `desc`"),
    ("between", "write `x >= a and x <= b`"),
    ("contains", "write `item in list`"),
    ("equals", "write `==`"),
    ("has", "write `item in list`"),
    (
        "is",
        "write `==`, or `known(x)` to ask whether a figure is given",
    ),
    ("mod", "there is no remainder: use `floor`"),
    ("xor", "write `a != b`"),
];

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    at: usize,
    nesting: usize,
}

type Parsed = Result<Ast, ExprError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> &'a Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn skip(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek().kind == *kind;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, kind: &TokenKind, what: &str) -> Result<&'a Token, ExprError> {
        match self.peek().kind == *kind {
            true => Ok(self.next()),
            false => Err(self.unexpected(what)),
        }
    }

    /// Something stands where an operator should.
    fn no_operator(&self) -> ExprError {
        let error = self.unexpected("an operator");
        let found = &self.text[self.peek().range.clone()];
        let small = found.to_lowercase();
        if small != found && ["and", "or", "not", "in", "if"].contains(&small.as_str()) {
            return error.help(format!("write `{small}`, in small letters"));
        }
        let place = &self.peek().range;
        let before = self.text[..place.start].ends_with(|c: char| c.is_ascii_digit());
        let after = self.text[place.end..].starts_with(|c: char| c.is_ascii_digit());
        if found == "," && before && after {
            return error.help("numbers have no separators: `1000`, `0.5`");
        }
        let foreign = FOREIGN.iter().find(|(word, _)| *word == found);
        match foreign {
            Some((_, help)) => error.help(*help),
            None => error,
        }
    }

    fn unexpected(&self, expected: &str) -> ExprError {
        let token = self.peek();
        let range = token.range.clone();
        let found = &self.text[range.clone()];
        let message = match token.kind {
            TokenKind::End => format!("the formula ends where {expected} is expected"),
            _ => format!("expected {expected}, found `{found}`"),
        };
        ExprError::new(Code::FormulaSyntax, range, message)
    }

    fn node(&self, kind: AstKind, range: Range<usize>) -> Parsed {
        let children: Vec<&Ast> = match &kind {
            AstKind::Negate(of) | AstKind::Not(of) => vec![of],
            AstKind::Binary { left, right, .. } => vec![left, right],
            AstKind::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            AstKind::Call { arguments, .. } => arguments.iter().collect(),
            _ => Vec::new(),
        };
        let depth = 1 + children.iter().map(|child| child.depth).max().unwrap_or(0);
        if depth > DEPTH {
            return Err(too_deep(range));
        }
        Ok(Ast { kind, range, depth })
    }

    /// What binds tighter than `least`.
    fn expression(&mut self, least: u8) -> Parsed {
        self.nesting += 1;
        if self.nesting > NESTING {
            return Err(too_deep(self.peek().range.clone()));
        }
        let mut left = self.operand()?;
        while let Some((operator, tokens)) = self.operator() {
            let power = operator.power();
            if power <= least {
                break;
            }
            let sign = self.peek().range.clone();
            if let Operator::Arithmetic(_) = operator {
                self.spaces(&sign)?;
            }
            self.at += tokens;
            let right = self.expression(power)?;
            let range = left.range.start..right.range.end;
            if power == Operator::In.power()
                && let Some((next, _)) = self.operator()
                && next.power() == power
            {
                return Err(self.chained(&left, &right, sign));
            }
            let (left_box, right) = (Box::new(left), Box::new(right));
            let kind = AstKind::Binary {
                operator,
                left: left_box,
                right,
            };
            left = self.node(kind, range)?;
        }
        self.nesting -= 1;
        Ok(left)
    }

    fn chained(&self, left: &Ast, right: &Ast, sign: Range<usize>) -> ExprError {
        let (second, text) = (self.peek().range.clone(), self.text);
        let (first, middle) = (&text[left.range.clone()], &text[right.range.clone()]);
        let help = format!(
            "write `{first} {} {middle} and {middle} {} …`",
            &text[sign.clone()],
            &text[second.clone()]
        );
        ExprError::new(Code::FormulaSyntax, second, "comparisons can't be chained")
            .also(sign, "the first comparison")
            .help(help)
    }

    /// Binary operators stand between spaces, since ids hold hyphens and units
    /// slashes.
    fn spaces(&self, sign: &Range<usize>) -> Result<(), ExprError> {
        let before = self.text[..sign.start].ends_with(char::is_whitespace);
        let after = self.text[sign.end..].starts_with(char::is_whitespace);
        if before && after {
            return Ok(());
        }
        let sign_text = &self.text[sign.clone()];
        let message = format!("`{sign_text}` needs a space on both sides");
        let error = ExprError::new(Code::FormulaSyntax, sign.clone(), message);
        Err(error.help(format!("write ` {sign_text} `")))
    }

    /// The binary operator that comes next, and of how many tokens it is.
    fn operator(&self) -> Option<(Operator, usize)> {
        use Operator::{Arithmetic as A, Compare as C};
        let operator = match &self.peek().kind {
            TokenKind::Word("or") => Operator::Or,
            TokenKind::Word("and") => Operator::And,
            TokenKind::Word("in") => Operator::In,
            TokenKind::Word("not") => {
                let next = self.tokens.get(self.at + 1)?;
                let found = next.kind == TokenKind::Word("in");
                return found.then_some((Operator::NotIn, 2));
            }
            TokenKind::Sign(sign) => match *sign {
                "==" => C(Comparison::Equal),
                "!=" => C(Comparison::NotEqual),
                "<" => C(Comparison::Less),
                "<=" => C(Comparison::LessOrEqual),
                ">" => C(Comparison::Greater),
                ">=" => C(Comparison::GreaterOrEqual),
                "+" => A(Arithmetic::Add),
                "-" => A(Arithmetic::Subtract),
                "*" => A(Arithmetic::Multiply),
                "/" => A(Arithmetic::Divide),
                _ => return None,
            },
            _ => return None,
        };
        Some((operator, 1))
    }

    fn operand(&mut self) -> Parsed {
        let token = self.peek();
        let range = token.range.clone();
        match &token.kind {
            TokenKind::Number(number, unit) => {
                self.next();
                self.node(AstKind::Number(*number, unit.clone()), range)
            }
            TokenKind::Text(text) => {
                self.next();
                self.node(AstKind::Text(text.clone()), range)
            }
            TokenKind::Word(word @ ("true" | "false")) => {
                self.next();
                self.node(AstKind::Bool(*word == "true"), range)
            }
            TokenKind::Word("not") => {
                self.next();
                let of = self.expression(NOT)?;
                let range = range.start..of.range.end;
                self.node(AstKind::Not(Box::new(of)), range)
            }
            TokenKind::Word("if") => self.conditional(),
            TokenKind::Name(path) => self.named(path),
            TokenKind::Sign("-") => self.minus(),
            TokenKind::Sign("(") => {
                self.next();
                let mut inner = self.expression(0)?;
                let close = self.expect(&TokenKind::Sign(")"), "`)`")?;
                inner.range = range.start..close.range.end;
                Ok(inner)
            }
            TokenKind::Sign("[") => self.texts(),
            _ => Err(self.unexpected("a figure, a name or a number")),
        }
    }

    /// `-5 °C` is a literal, `-x` turns a sign.
    fn minus(&mut self) -> Parsed {
        let sign = self.next().range.clone();
        let token = self.peek();
        let range = sign.start..token.range.end;
        if let TokenKind::Number(number, unit) = &token.kind
            && let Some(number) = number.checked_neg()
        {
            self.next();
            return self.node(AstKind::Number(number, unit.clone()), range);
        }
        let of = self.expression(MINUS)?;
        let range = sign.start..of.range.end;
        self.node(AstKind::Negate(Box::new(of)), range)
    }

    fn texts(&mut self) -> Parsed {
        let start = self.next().range.start;
        let mut texts = Vec::new();
        loop {
            match &self.peek().kind {
                TokenKind::Text(text) => texts.push(text.clone()),
                _ => return Err(self.unexpected("a text")),
            }
            self.next();
            if !self.skip(&TokenKind::Sign(",")) {
                break;
            }
        }
        let end = self.expect(&TokenKind::Sign("]"), "`,` or `]`")?.range.end;
        self.node(AstKind::Texts(texts), start..end)
    }

    /// `if(c, a, b)` or `if c then a else b`.
    fn conditional(&mut self) -> Parsed {
        let word = self.next().range.clone();
        let open = self.peek();
        if open.kind == TokenKind::Sign("(") && open.range.start == word.end {
            return self.conditional_call(word);
        }
        let condition = self.expression(0)?;
        self.expect(&TokenKind::Word("then"), "`then`")?;
        let then = self.expression(0)?;
        self.expect(&TokenKind::Word("else"), "`else`")
            .map_err(|error| error.help("say what else it is: `if condition then a else b`"))?;
        let otherwise = self.expression(0)?;
        let range = word.start..otherwise.range.end;
        self.node(conditional(condition, then, otherwise), range)
    }

    fn conditional_call(&mut self, word: Range<usize>) -> Parsed {
        let (arguments, end) = self.arguments()?;
        let range = word.start..end;
        let [condition, then, otherwise] = match <[Ast; 3]>::try_from(arguments) {
            Ok(arguments) => arguments,
            Err(arguments) => {
                let message = format!("`if` takes 3 arguments, not {}", arguments.len());
                let error = ExprError::new(Code::FormulaSyntax, range, message);
                return Err(error.help("write `if(condition, value, other)`"));
            }
        };
        self.node(conditional(condition, then, otherwise), range)
    }

    /// A name, or a call if a bracket follows.
    fn named(&mut self, path: &[Segment]) -> Parsed {
        let range = self.next().range.clone();
        let open = self.peek();
        if open.kind != TokenKind::Sign("(") || open.range.start != range.end {
            return self.node(AstKind::Path(path.to_vec()), range);
        }
        let [name] = path else {
            let message = format!("`{}` can't be called", &self.text[range.clone()]);
            return Err(ExprError::new(Code::FormulaSyntax, range, message));
        };
        let (arguments, end) = self.arguments()?;
        let call = AstKind::Call {
            name: name.clone(),
            arguments,
        };
        self.node(call, range.start..end)
    }

    /// `(a, b)`, and where it ends.
    fn arguments(&mut self) -> Result<(Vec<Ast>, usize), ExprError> {
        self.next();
        let mut arguments = Vec::new();
        let close = TokenKind::Sign(")");
        if self.peek().kind != close {
            arguments.push(self.expression(0)?);
            while self.skip(&TokenKind::Sign(",")) {
                arguments.push(self.expression(0)?);
            }
        }
        let end = self.expect(&close, "`,` or `)`")?.range.end;
        Ok((arguments, end))
    }
}

fn conditional(condition: Ast, then: Ast, otherwise: Ast) -> AstKind {
    AstKind::If {
        condition: Box::new(condition),
        then: Box::new(then),
        otherwise: Box::new(otherwise),
    }
}

fn too_deep(range: Range<usize>) -> ExprError {
    let error = ExprError::new(Code::Limit, range, "this formula nests too deeply");
    error.help("split it into several fields or totals")
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokenize;
    use super::*;

    /// The powers of the operators of a row that stand between two operands.
    fn powers(signs: &[&str]) -> Vec<u8> {
        let power = |sign: &&str| {
            let text = format!("a {sign} b");
            let tokens = tokenize(&text).expect("tokens");
            match parse(&text, &tokens).map(|tree| tree.kind) {
                Ok(AstKind::Binary { operator, .. }) => Some(operator.power()),
                _ => None,
            }
        };
        signs.iter().filter_map(power).collect()
    }

    #[test]
    fn the_table_of_operators_is_in_the_order_in_which_they_bind() {
        let mut last = 0;
        for (signs, _) in &OPERATORS[..OPERATORS.len() - 1] {
            let powers = match signs {
                ["not"] => vec![NOT],
                signs => powers(signs),
            };
            assert_eq!(powers.len(), signs.len(), "{signs:?}");
            assert!(powers.iter().all(|power| *power == powers[0]), "{signs:?}");
            assert!(powers[0] > last, "{signs:?}");
            last = powers[0];
        }
        assert!(MINUS > last);
    }
}
