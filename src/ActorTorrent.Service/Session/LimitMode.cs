namespace ActorTorrent.Service.Session;

/// <summary>Whose limit holds for a torrent's seeding.</summary>
public enum LimitMode
{
    /// <summary>The session's.</summary>
    Session,

    /// <summary>The torrent's own.</summary>
    Own,

    /// <summary>None.</summary>
    Unlimited,
}
