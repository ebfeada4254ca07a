using System.Text;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Transmission;

/// <summary>Trackers as one text: an announce URL a line, an empty line between tiers.</summary>
internal static class TrackerList
{
    /// <summary>Writes the text.</summary>
    public static string Write(IEnumerable<TrackerState> trackers)
    {
        var text = new StringBuilder();
        var tier = -1;
        foreach (var tracker in trackers)
        {
            if (tier >= 0 && tracker.Tier != tier)
                text.Append('\n');
            tier = tracker.Tier;
            text.Append(tracker.Tracker.OriginalString).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Reads the text.</summary>
    /// <exception cref="RpcFailure">A line is no announce URL.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Read(string text)
    {
        var tiers = new List<IReadOnlyList<string>>();
        var tier = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.Trim() is { Length: > 0 } url)
            {
                tier.Add(Check(url));
                continue;
            }
            if (tier.Count > 0)
                tiers.Add(tier);
            tier = [];
        }
        if (tier.Count > 0)
            tiers.Add(tier);
        return tiers;
    }

    /// <summary>An announce URL, if it is one.</summary>
    /// <exception cref="RpcFailure">It is none.</exception>
    public static string Check(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https" or "udp") && uri.Host.Length > 0
            ? url
            : throw new RpcFailure("Invalid announce URL");
}
