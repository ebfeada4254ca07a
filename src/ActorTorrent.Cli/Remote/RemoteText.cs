using System.Globalization;
using ActorTorrent.Service.Api;

namespace ActorTorrent.Cli.Remote;

/// <summary>What a service says as texts for people.</summary>
internal static class RemoteText
{
    public static string Percent(double share) => share >= 1 ? "100%" : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1000) / 10:0.0}%");

    public static string Words(string snakeCase) => snakeCase.Replace('_', ' ');

    /// <summary>A torrent's state in one word or two.</summary>
    public static string State(TorrentResource torrent) => torrent switch
    {
        { Phase: "fetching_metadata" } => "metadata",
        { Error: not null, Phase: not "paused" } => "error",
        _ => Words(torrent.Phase),
    };

    public static string Size(TorrentResource torrent) => torrent.Size is { } size ? Text.Bytes(size) : "?";

    public static string Eta(TorrentResource torrent) => Text.Time(torrent.Eta is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    /// <summary>How long something has been, such as 3 d 4 h or 1:02:03.</summary>
    public static string Uptime(long seconds) => TimeSpan.FromSeconds(seconds) is { TotalDays: >= 1 } time
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h")
        : Text.Time(TimeSpan.FromSeconds(seconds));

    /// <summary>A rate; nothing for none, so that what moves is seen.</summary>
    public static string Rate(double bytesPerSecond) => bytesPerSecond < 1 ? "-" : Text.Rate(bytesPerSecond);

    public static string Time(DateTimeOffset? at) =>
        at is { } time ? time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "-";

    /// <summary>A fault in one line.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="torrent">The torrent's name; null where it goes without saying.</param>
    public static string Fault(FaultResource fault, string? torrent)
    {
        var client = fault.Client is { } name ? $" ({Text.Printable(name)})" : "";
        var delay = fault.Delay > 0 ? string.Create(CultureInfo.InvariantCulture, $" in {fault.Delay:0.0} s") : "";
        var blocks = fault.BlocksReturned > 0 ? string.Create(CultureInfo.InvariantCulture, $", {fault.BlocksReturned} blocks returned") : "";
        return $"{Time(fault.Time)}  {(torrent is null ? "" : $"[{Text.Printable(torrent)}] ")}{fault.Address}{client} via {fault.Source}  {fault.Phase}/{fault.Cause}: "
            + $"{Text.Printable(fault.Detail)} -> {fault.Action}{delay} ({Text.Printable(fault.Reason)}){blocks}";
    }
}
