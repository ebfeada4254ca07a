using System.Globalization;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Cli;

/// <summary>The argument of <c>--select</c>, <c>--high</c> and <c>--low</c>: files by their number in <c>show</c>, such as <c>1,3-5</c>.</summary>
internal static class FileSelection
{
    private const int MostFiles = 1_000_000;

    /// <summary>Parses it.</summary>
    /// <param name="text">The argument; null selects everything.</param>
    /// <param name="layout">The torrent's files; null while they are not known.</param>
    /// <param name="option">The option, for the words of a refusal.</param>
    /// <returns>Indices of the files wanted, from 0; null for all.</returns>
    /// <exception cref="InputException">A part is no number or range, or names no file.</exception>
    public static IReadOnlySet<int>? Parse(string? text, FileLayout? layout, string option = "--select")
    {
        if (text is null)
            return null;
        var selected = new HashSet<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2, StringSplitOptions.TrimEntries);
            if (!TryNumber(ends[0], out var first) || !TryNumber(ends[^1], out var last) || first > last)
                throw new InputException($"{option}: '{part}' is no file number and no range such as 3-5.");
            if (first < 1 || last > (layout?.Files.Count ?? MostFiles))
                throw new InputException($"{option}: '{part}' names no file; the torrent has files 1 to {layout?.Files.Count ?? MostFiles} (see 'show').");
            for (var number = first; number <= last; number++)
                selected.Add(number - 1);
        }
        return selected;
    }

    private static bool TryNumber(string text, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
