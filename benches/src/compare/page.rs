//! Sections of a page that a program writes: framed by comments, so that they are found again.

/// A section by its name, and what is typed behind `compare` to make it.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) command: String,
}

impl Section {
    /// The section, from its first line to its last.
    pub(super) fn frame(&self, text: &str) -> String {
        let (begin, end) = self.marks();
        let command = &self.command;
        format!(
            "{begin}\n<!-- Written by `compare {command} --write`; not by hand. -->\n\n{text}{end}\n"
        )
    }

    /// A page with this section replaced by a framed one, or with that added to its end.
    pub(super) fn write_into(&self, page: &str, framed: &str) -> String {
        let (begin, end) = self.marks();
        let begin = page.find(&begin);
        let end = page.find(&end).map(|place| place + end.len());
        match (begin, end) {
            (Some(begin), Some(end)) if begin < end => {
                let rest = page[end..].strip_prefix('\n').unwrap_or(&page[end..]);
                format!("{}{framed}{rest}", &page[..begin])
            }
            _ => format!("{}\n\n{framed}", page.trim_end()),
        }
    }

    fn marks(&self) -> (String, String) {
        let name = &self.name;
        (
            format!("<!-- {name}: begin -->"),
            format!("<!-- {name}: end -->"),
        )
    }
}
