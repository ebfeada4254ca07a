using System.Globalization;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Service.Session;

namespace ActorTorrent.Service.Api;

/// <summary>What the session and the engine say, as the API says it.</summary>
internal static class ApiMapping
{
    private const char FirstState = '0';

    public static TorrentResource Of(TorrentView view)
    {
        var snapshot = view.Snapshot;
        return new TorrentResource
        {
            Id = view.Id,
            InfoHash = view.InfoHash.ToString(),
            Name = view.Name,
            Phase = FaultNames.SnakeCase(view.Phase.ToString()),
            Size = view.Metainfo?.Layout.TotalLength,
            Wanted = snapshot?.BytesWanted ?? 0,
            Verified = snapshot?.BytesVerified ?? 0,
            Progress = ProgressOf(view),
            DownloadRate = Math.Round(snapshot?.DownloadRate ?? 0),
            UploadRate = Math.Round(snapshot?.UploadRate ?? 0),
            Downloaded = view.Downloaded,
            Uploaded = view.Uploaded,
            Wasted = snapshot?.Wasted ?? 0,
            Eta = view.Phase == TorrentPhase.Downloading && snapshot?.Eta is { } eta ? Math.Round(eta.TotalSeconds) : null,
            Peers = snapshot is { Peers: var p } ? new(p.Known, p.Waiting, p.Connecting, p.Running, p.Unchoking, p.Seeds) : new(0, 0, 0, 0, 0, 0),
            Swarm = snapshot?.Swarm is { } swarm ? new(swarm.Seeders, swarm.Leechers, swarm.Completed) : null,
            Faults = snapshot?.Faults ?? 0,
            Labels = view.Settings.Labels,
            Folder = view.Settings.Folder,
            AddedAt = view.Settings.AddedAt,
            CompletedAt = view.Settings.CompletedAt,
            Error = view.Error,
            QueuePosition = view.QueuePosition,
            IsPaused = view.Settings.IsPaused,
            IsPrivate = view.Metainfo?.IsPrivate == true,
            IsSequential = view.Settings.IsSequential,
            PieceCount = view.Metainfo?.Layout.PieceCount ?? 0,
            PieceLength = view.Metainfo?.Layout.PieceLength ?? 0,
            PiecesHave = view.Metainfo is null ? 0 : snapshot?.PiecesHave ?? 0,
            FileCount = view.Metainfo?.Layout.Files.Count(static file => !file.IsPadding) ?? 0,
            Comment = view.Metainfo?.Comment,
            CreatedBy = view.Metainfo?.CreatedBy,
            DownloadLimit = BytesOf(view.Settings.DownloadLimit),
            UploadLimit = BytesOf(view.Settings.UploadLimit),
            MaxPeers = view.Settings.MaxPeers,
            Priority = view.Settings.BandwidthPriority switch { < 0 => "low", 0 => "normal", _ => "high" },
            HonorsSessionLimits = view.Settings.HonorsSessionLimits,
            Group = view.Settings.Group,
        };
    }

    public static PeerResource Of(PeerStatus peer, int pieceCount) => new()
    {
        Address = peer.EndPoint.ToString(),
        Client = peer.Client,
        Direction = DirectionOf(peer.Direction),
        State = FaultNames.SnakeCase(peer.State.ToString()),
        Sources = [.. peer.Sources.Select(static source => FaultNames.SnakeCase(source.ToString()))],
        Flags = FlagsOf(peer),
        Progress = pieceCount == 0 ? 0 : peer.IsSeed ? 1 : Math.Round((double)peer.Pieces / pieceCount, 4),
        IsSeed = peer.IsSeed,
        IsUploadOnly = peer.IsUploadOnly,
        AreWeChoking = peer.AreWeChoking,
        IsChokingUs = peer.IsChokingUs,
        AreWeInterested = peer.AreWeInterested,
        IsInterested = peer.IsInterested,
        DownloadRate = Math.Round(peer.DownloadRate),
        UploadRate = Math.Round(peer.UploadRate),
        Downloaded = peer.Downloaded,
        Uploaded = peer.Uploaded,
        BlocksOutstanding = peer.BlocksOutstanding,
        ConnectedFor = peer.ConnectedFor is { } time ? Math.Round(time.TotalSeconds) : null,
        Failures = peer.Failures,
        LastFault = peer.LastFault,
    };

    public static TrackerResource Of(TrackerState tracker) => new()
    {
        Url = tracker.Tracker.ToString(),
        Tier = tracker.Tier,
        AnnouncedAt = tracker.AnnouncedAt,
        NextAnnounceAt = tracker.NextAnnounceAt,
        Peers = tracker.Peers,
        Seeders = tracker.Seeders,
        Leechers = tracker.Leechers,
        Completed = tracker.Completed,
        Warning = tracker.Warning,
        Error = tracker.Error?.Message,
    };

    public static FileResource Of(FileStatus file, int torrent) => new(
        file.Index,
        file.Path,
        file.Length,
        file.BytesVerified,
        FaultNames.SnakeCase(file.Priority.ToString()),
        string.Create(CultureInfo.InvariantCulture, $"/api/v1/torrents/{torrent}/files/{file.Index}/content"));

    public static PiecesResource Of(PieceMap map) => new(
        map.States.Count,
        map.PieceLength,
        string.Create(map.States.Count, map.States, static (text, states) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = (char)(FirstState + (int)states[i]);
        }),
        [.. map.Availability]);

    public static FaultResource Of(NumberedFault numbered)
    {
        var (number, entry) = numbered;
        var fault = entry.Fault;
        return new FaultResource
        {
            Number = number,
            Time = entry.Time,
            Torrent = entry.Torrent.ToString(),
            Address = fault.EndPoint.ToString(),
            Direction = DirectionOf(fault.Direction),
            Client = fault.Client,
            Source = FaultNames.SnakeCase(entry.Source.ToString()),
            Phase = FaultNames.Of(fault.Phase),
            Cause = FaultNames.Of(fault.Cause),
            Detail = fault.Detail,
            Evidence = fault.Evidence.IsEmpty ? null : Convert.ToHexStringLower(fault.Evidence.Span),
            Action = FaultNames.Of(entry.Decision.Action),
            Reason = entry.Decision.Reason,
            Attempt = entry.Attempt,
            Delay = Math.Round(entry.Decision.Delay.TotalSeconds, 3),
            BlocksReturned = entry.BlocksReturned,
        };
    }

    public static ActorsResource Of(ActorCensus census, int most) => new(
        census.At,
        census.Restarts,
        census.Actors.Count,
        [.. census.Actors.Take(most).Select(static actor => new ActorResource(
            actor.Path,
            actor.Name,
            actor.Depth,
            FaultNames.SnakeCase(actor.Kind.ToString()),
            FaultNames.SnakeCase(actor.State),
            actor.MailboxDepth,
            Math.Round(actor.Wait.TotalMilliseconds, 3),
            actor.IsWaiting,
            actor.Restarts,
            actor.LastFault?.Cause,
            actor.LastFault?.At))]);

    /// <summary>A limit in bytes a second; null while it does not hold.</summary>
    public static long? BytesOf(SpeedLimit limit) => limit.IsOn ? limit.Kilobytes * 1000L : null;

    private static string DirectionOf(PeerDirection direction) => direction == PeerDirection.Incoming ? "incoming" : "outgoing";

    private static double ProgressOf(TorrentView view)
    {
        if (view.Snapshot is not { } snapshot)
            return 0;
        var (done, all) = snapshot switch
        {
            { Metadata: { } metadata } => (metadata.PiecesHave, metadata.PiecesTotal),
            { Phase: TorrentPhase.Checking, PiecesTotal: > 0 } => (snapshot.PiecesChecked, snapshot.PiecesTotal),
            _ => ((double)snapshot.BytesVerified, snapshot.BytesWanted),
        };
        // Rounded down: what is not complete does not look so.
        return all <= 0 ? snapshot.Metadata is null ? 1 : 0 : Math.Floor(Math.Min(1.0, done / (double)all) * 10_000) / 10_000;
    }

    private static string FlagsOf(PeerStatus peer)
    {
        if (peer.State != PeerState.Running)
            return peer.Direction == PeerDirection.Incoming ? "I" : "";
        Span<char> flags = stackalloc char[9];
        var count = 0;
        if (peer.AreWeInterested)
            flags[count++] = peer.IsChokingUs ? 'd' : 'D';
        if (peer.IsInterested)
            flags[count++] = peer.AreWeChoking ? 'u' : 'U';
        if (peer.IsOptimistic)
            flags[count++] = 'O';
        if (peer.IsSnubbing)
            flags[count++] = 'S';
        if (peer.Direction == PeerDirection.Incoming)
            flags[count++] = 'I';
        if (peer.Sources.Contains(PeerSource.Dht))
            flags[count++] = 'H';
        if (peer.Sources.Contains(PeerSource.Pex))
            flags[count++] = 'X';
        if (peer.Sources.Contains(PeerSource.Lsd))
            flags[count++] = 'L';
        return new string(flags[..count]);
    }
}
