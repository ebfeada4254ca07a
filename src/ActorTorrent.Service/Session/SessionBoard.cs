namespace ActorTorrent.Service.Session;

/// <summary>
/// What the <see cref="SessionActor"/> answered last and would answer again: who only looks need not ask. The actor alone writes it, before it
/// answers anybody, so nobody finds less than what he was told is done; what is read never changes.
/// </summary>
internal sealed class SessionBoard
{
    private volatile SessionProtocol.Torrents? _torrents;
    private volatile SessionSettings? _settings;
    private volatile IReadOnlyList<NumberedFault>? _faults;

    /// <summary>The torrents; null when something about them changed since somebody asked.</summary>
    public SessionProtocol.Torrents? Torrents
    {
        get => _torrents;
        set => _torrents = value;
    }

    /// <summary>The settings; null likewise.</summary>
    public SessionSettings? Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>All faults that are kept, the oldest first; null likewise.</summary>
    public IReadOnlyList<NumberedFault>? Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>The actor starts, or answers no more as it did.</summary>
    public void Clear()
    {
        Torrents = null;
        Settings = null;
        Faults = null;
    }
}
