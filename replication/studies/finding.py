"""One answer to why results differ: a sentence, what it rests on, and a picture."""

import dataclasses

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.captioned import captioned
from replication.presentation.nothing import nothing
from replication.presentation.tabs import as_html


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """What a page says under one of its questions; every sentence is chosen by the data.

    Attributes:
        name: Unique on the page.
        headline: The finding in a sentence; empty if there is nothing to say yet.
        sentences: What it rests on.
        figure: The picture.
        caption: What to see in it.
        text: What it shows, for readers who cannot see it.
        data: What is offered as data; None offers the figure's lines and dots.
    """

    name: str
    headline: str = ""
    sentences: tuple[str, ...] = ()
    figure: Figure | Markdown
    caption: str = ""
    text: str = ""
    data: pd.DataFrame | None = None

    def show(self) -> HTML | Markdown:
        """Write the finding as it stands on the page."""
        if not self.headline:
            return self.figure if isinstance(self.figure, Markdown) else nothing()
        said = Markdown(f"**{self.headline}** {' '.join(self.sentences)}")
        drawn = captioned(self.figure, self.name, self.caption, self.text, data=self.data)
        return HTML(f"<div>{as_html(said)}{as_html(drawn)}</div>")
