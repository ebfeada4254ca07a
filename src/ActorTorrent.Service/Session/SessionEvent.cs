using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>What happens in the session, published on the event stream.</summary>
public abstract record SessionEvent
{
    /// <summary>A torrent came, or something about it changed.</summary>
    /// <param name="Torrent">The torrent now.</param>
    public sealed record Changed(TorrentView Torrent) : SessionEvent;

    /// <summary>A torrent is gone.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="InfoHash">Its info hash.</param>
    public sealed record Removed(int Id, InfoHash InfoHash) : SessionEvent;

    /// <summary>Something happened to a torrent.</summary>
    /// <param name="Id">Its number.</param>
    /// <param name="What">What.</param>
    public sealed record Happened(int Id, TorrentEvent What) : SessionEvent;

    /// <summary>A peer failed.</summary>
    /// <param name="Fault">The fault.</param>
    public sealed record Faulted(NumberedFault Fault) : SessionEvent;

    /// <summary>A torrent was added.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record Arrived(TorrentView Torrent) : SessionEvent;

    /// <summary>A torrent's seeding ended, because a limit was reached.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record Seeded(TorrentView Torrent) : SessionEvent;

    /// <summary>A torrent was downloaded, and its files are where they belong.</summary>
    /// <param name="Torrent">The torrent.</param>
    public sealed record Completed(TorrentView Torrent) : SessionEvent;

    /// <summary>The session's settings changed.</summary>
    /// <param name="Settings">The settings now.</param>
    public sealed record SettingsChanged(SessionSettings Settings) : SessionEvent;
}
