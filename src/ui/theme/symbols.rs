//! The characters that are no letters, in two sets of the same meaning.

/// One character, one column, for each thing that is drawn.
#[derive(Debug)]
pub struct Symbols {
    /// A title's rule, and a horizontal axis.
    pub rule: char,
    /// A vertical axis.
    pub axis: char,
    /// A vertical axis where a number stands beside it.
    pub tick: char,
    /// Where the axes meet.
    pub corner: char,
    /// Where two lines cross, and what a cursor is.
    pub cross: char,
    /// A line drawn for comparison.
    pub dashed: char,
    /// A measured point on a chart.
    pub point: char,
    /// One or two images on the map.
    pub few: char,
    /// A circle around a distribution, where colour cannot set it apart.
    pub circle: char,
    /// The sign of a standard deviation.
    pub sigma: char,
    /// A square of a colour.
    pub swatch: char,
    /// The tape, played.
    pub played: char,
    /// The tape, still to come.
    pub unplayed: char,
    /// A milestone on the tape.
    pub milestone: char,
    /// Where a run left another.
    pub branch: char,
    /// Now, on the tape.
    pub now: char,
    /// The tape, between the moment that is seen and now.
    pub later: char,
    /// The moment that is seen, on the tape and on a curve.
    pub seen: char,
    /// A change of the run, on the tape.
    pub edit: char,
    /// The same on a curve.
    pub edited: char,
    /// It runs.
    pub play: char,
    /// The past stands still.
    pub stands: char,
    /// The past plays.
    pub plays: char,
    /// The chosen one of a row.
    pub chosen: char,
    /// What is none of the data's, where colour cannot set it apart.
    pub strange: char,
    /// Where a ruler stands on an axis.
    pub foot: char,
    /// Along the horizontal axis.
    pub across: char,
    /// Beyond the top, and along the vertical axis.
    pub above: char,
    /// Where nothing could follow.
    pub fault: char,
    /// A unit that says nothing.
    pub dead: char,
    /// A bar that lies down.
    pub bar: char,
    /// A place beside it.
    pub ring: char,
    /// Bars by eighths, lowest first, the last one full.
    pub eighths: [char; 8],
}

impl Symbols {
    pub(super) const BLOCKS: Self = Self {
        rule: '─',
        axis: '│',
        tick: '┤',
        corner: '└',
        cross: '┼',
        dashed: '┄',
        point: '•',
        few: '·',
        circle: '~',
        sigma: 'σ',
        swatch: '■',
        played: '━',
        unplayed: '─',
        milestone: '◆',
        branch: '┣',
        now: '●',
        later: '╌',
        seen: '▼',
        edit: '┃',
        edited: '┊',
        play: '▶',
        stands: '◂',
        plays: '▸',
        chosen: '▸',
        strange: '░',
        foot: '┴',
        across: '→',
        above: '↑',
        fault: '×',
        dead: '×',
        bar: '━',
        ring: '○',
        eighths: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
    };

    pub(super) const ASCII: Self = Self {
        rule: '-',
        axis: '|',
        tick: '+',
        corner: '+',
        cross: '+',
        dashed: '-',
        point: 'o',
        few: '.',
        circle: '~',
        sigma: 's',
        swatch: '#',
        played: '=',
        unplayed: '-',
        milestone: '*',
        branch: '+',
        now: '@',
        later: '.',
        seen: 'v',
        edit: '|',
        edited: ':',
        play: '>',
        stands: '<',
        plays: '>',
        chosen: '>',
        strange: ':',
        foot: '+',
        across: '>',
        above: '^',
        fault: 'x',
        dead: 'x',
        bar: '=',
        ring: 'o',
        eighths: ['_', '_', '.', '.', ':', ':', '+', '#'],
    };
}
