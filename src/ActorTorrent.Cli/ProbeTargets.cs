using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Trackers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using ActorTorrent.Wire.Trackers;

namespace ActorTorrent.Cli;

/// <summary>Finds out which peers of which torrent <c>probe</c> is to ask, from its arguments and, for a torrent file, from its trackers.</summary>
internal sealed class ProbeTargets
{
    private const int FirstAnnouncedPort = 49_152;

    private const int PeersWanted = 200;

    private readonly List<IPEndPoint> _peers = [];
    private readonly HashSet<IPEndPoint> _known = [];
    private readonly List<string> _remarks = [];

    /// <summary>The torrent.</summary>
    public InfoHash InfoHash { get; private set; }

    /// <summary>The peers, each once.</summary>
    public IReadOnlyCollection<IPEndPoint> Peers => _peers;

    /// <summary>What the user should know: what each tracker said.</summary>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <summary>Reads the arguments and asks the trackers.</summary>
    /// <exception cref="InputException">An argument or the torrent file is wrong.</exception>
    public static async Task<ProbeTargets> FindAsync(
        IReadOnlyList<string> arguments, string? infoHash, PeerId ownId, CancellationToken cancellation)
    {
        var targets = new ProbeTargets();
        TorrentMetainfo? torrent = null;
        MagnetLink? magnet = null;
        foreach (var argument in arguments)
        {
            if (TorrentSource.ReadMagnet(argument) is { } link)
            {
                magnet = magnet is null && torrent is null ? link : throw new InputException("A second torrent; probe asks the peers of one torrent.");
                targets.Add(await MagnetPeers.ResolveAsync(link, TextWriter.Null, cancellation));
                continue;
            }
            if (!IsFile(argument))
            {
                targets.Add(await ResolveAsync(argument, cancellation));
                continue;
            }
            if (torrent is not null || magnet is not null)
                throw new InputException($"{argument}: a second torrent file; probe asks the peers of one torrent.");
            torrent = await TorrentSource.LoadAsync(argument, cancellation);
        }
        targets.InfoHash = Choose(infoHash, torrent?.InfoHash ?? magnet?.InfoHash);
        if (torrent is not null)
            await targets.AskTrackersAsync([.. torrent.AnnounceTiers.SelectMany(static tier => tier)], torrent.Layout.TotalLength, ownId, cancellation);
        if (magnet is not null)
            await targets.AskTrackersAsync(magnet.Trackers, magnet.Length ?? 1, ownId, cancellation);
        return targets;
    }

    private static InfoHash Choose(string? text, InfoHash? torrent)
    {
        if (text is null)
        {
            return torrent ?? throw new InputException(
                "A handshake names a torrent: give --info-hash with its 40 hex digits, or the torrent file.");
        }
        if (!InfoHash.TryParse(text, out var hash))
            throw new InputException($"--info-hash: '{text}' is not 40 hex digits.");
        if (torrent is { } own && own != hash)
            throw new InputException($"--info-hash: {hash} is not the torrent's, which is {own}.");
        return hash;
    }

    private static bool IsFile(string argument) =>
        argument.EndsWith(".torrent", StringComparison.OrdinalIgnoreCase) || argument.Contains("://", StringComparison.Ordinal) || File.Exists(argument);

    private static async Task<IEnumerable<IPEndPoint>> ResolveAsync(string argument, CancellationToken cancellation)
    {
        var colon = argument.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(argument.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new InputException($"{argument}: neither a torrent file nor HOST:PORT.");
        var host = argument[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            throw new InputException($"{argument}: write an IPv6 address in brackets, as [::1]:6881.");
        if (IPAddress.TryParse(host, out var address))
            return [new IPEndPoint(address, port)];
        try
        {
            return (await Dns.GetHostAddressesAsync(host, cancellation)).Select(found => new IPEndPoint(found, port));
        }
        catch (SocketException exception)
        {
            throw new InputException($"{argument}: the host '{host}' cannot be looked up: {exception.Message}.");
        }
    }

    private async Task AskTrackersAsync(IReadOnlyList<Uri> trackers, long left, PeerId ownId, CancellationToken cancellation)
    {
        if (trackers.Count == 0)
            _remarks.Add("The torrent names no tracker.");
        await using var asking = new AskingTrackers();
        var asked = trackers.Select(tracker => AskAsync(asking.Client, tracker, InfoHash, left, ownId, cancellation)).ToArray();
        foreach (var (peers, remark) in await Task.WhenAll(asked))
        {
            Add(peers);
            _remarks.Add(remark);
        }
    }

    private static async Task<(IEnumerable<IPEndPoint> Peers, string Remark)> AskAsync(
        ITrackerClient client, Uri tracker, InfoHash torrent, long left, PeerId ownId, CancellationToken cancellation)
    {
        if (!TrackerClients.CanAsk(tracker))
            return ([], $"{tracker.Host}: {tracker.Scheme} trackers are not asked.");
        // Trackers want a port. Nobody listens on this one, and by it our own entry is known among the peers.
        var port = (ushort)Random.Shared.Next(FirstAnnouncedPort, ushort.MaxValue + 1);
        var request = new AnnounceRequest(
            torrent, ownId, port, 0, 0, left, AnnounceEvent.Started, PeersWanted,
            (uint)Random.Shared.NextInt64(uint.MaxValue));
        var answer = await client.AnnounceAsync(tracker, request, cancellation);
        if (answer is TrackerAnswer.Failure failure)
            return ([], Text.Printable(failure.Error.Message));
        var response = ((TrackerAnswer.Success)answer).Response;
        // Nobody listens here: the tracker should not hand us out.
        await client.AnnounceAsync(
            tracker, request with { Event = AnnounceEvent.Stopped, NumWant = 0, TrackerId = response.TrackerId }, cancellation);
        var peers = response.Peers.Select(static peer => peer.EndPoint).Where(peer => peer.Port != port).ToArray();
        var warning = response.Warning is { } text ? $" (it warns: {Text.Printable(text)})" : string.Empty;
        return (peers, $"{tracker.Host} named {peers.Length} {(peers.Length == 1 ? "peer" : "peers")}{warning}.");
    }

    private void Add(IEnumerable<IPEndPoint> peers)
    {
        foreach (var peer in peers)
        {
            if (_known.Add(peer))
                _peers.Add(peer);
        }
    }
}
