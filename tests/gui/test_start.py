"""The window opens without any card or network, and leads to both paths."""
from gui_case import GuiCase, main


class Start(GuiCase):
    def test_both_paths_begin(self):
        self.open("--prereg")
        self.see("Choose the card")
        self.shot("prereg")


if __name__ == "__main__":
    main()
