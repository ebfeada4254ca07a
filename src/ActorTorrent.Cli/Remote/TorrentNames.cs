using System.Globalization;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Remote;

/// <summary>Which torrent of a service a user means: its number, its info hash, or a prefix of that or of its name that no other has.</summary>
internal static class TorrentNames
{
    private const int MostNamed = 5;

    /// <summary>The torrent that is meant.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="torrents">The torrents there are.</param>
    /// <exception cref="InputException">There is none, or more than one.</exception>
    public static TorrentResource Find(string text, IReadOnlyList<TorrentResource> torrents)
    {
        if (text.Length > 0)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && torrents.FirstOrDefault(torrent => torrent.Id == id) is { } numbered)
                return numbered;
            // A whole name is meant, whatever it is the beginning of.
            foreach (var fits in (ReadOnlySpan<Func<TorrentResource, bool>>)
                [t => t.InfoHash.Equals(text, StringComparison.OrdinalIgnoreCase), t => t.Name == text, t => Begins(t, text)])
            {
                var found = torrents.Where(fits).ToArray();
                if (found.Length == 1)
                    return found[0];
                if (found.Length > 1)
                    throw new InputException($"'{Text.Printable(text)}' may be {string.Join(" or ", found.Take(MostNamed).Select(Describe))}{(found.Length > MostNamed ? " or others" : "")}.");
            }
        }
        throw new InputException($"There is no torrent '{Text.Printable(text)}'; 'actortorrent list' shows which there are.");
    }

    /// <summary>The torrents that are meant, each once.</summary>
    public static IReadOnlyList<TorrentResource> Find(IEnumerable<string> texts, IReadOnlyList<TorrentResource> torrents) =>
        [.. texts.Select(text => Find(text, torrents)).DistinctBy(static torrent => torrent.Id)];

    private static bool Begins(TorrentResource torrent, string text) =>
        torrent.InfoHash.StartsWith(text, StringComparison.OrdinalIgnoreCase) || torrent.Name.StartsWith(text, StringComparison.OrdinalIgnoreCase);

    private static string Describe(TorrentResource torrent) =>
        string.Create(CultureInfo.InvariantCulture, $"{torrent.Id} ({Text.Printable(torrent.Name)}, {torrent.InfoHash[..Math.Min(8, torrent.InfoHash.Length)]})");
}
