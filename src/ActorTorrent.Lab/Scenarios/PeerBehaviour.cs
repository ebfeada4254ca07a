namespace ActorTorrent.Lab.Scenarios;

/// <summary>How the peers of a group behave.</summary>
public enum PeerBehaviour
{
    /// <summary>Has everything and serves it.</summary>
    Healthy,

    /// <summary>Serves <c>afterBytes</c>, then nothing more, and keeps its connections.</summary>
    Stalls,

    /// <summary>Serves <c>afterBytes</c>, then dies in the middle of a block as <c>ending</c> says; comes back after <c>returnsAfter</c>.</summary>
    Dies,

    /// <summary>Refuses every connect.</summary>
    Refuses,

    /// <summary>Never completes a connect.</summary>
    NeverAccepts,

    /// <summary>Sends <c>afterBytes</c> of its handshake and falls silent.</summary>
    Silent,

    /// <summary>Sends <c>afterBytes</c> of its handshake and closes.</summary>
    Closes,

    /// <summary>Sends <c>afterBytes</c> of its handshake and resets.</summary>
    Resets,

    /// <summary>Speaks another protocol.</summary>
    WrongProtocol,

    /// <summary>Names another torrent.</summary>
    WrongInfoHash,

    /// <summary>Serves, a block with <c>probability</c> or every <c>every</c>-th with a flipped bit.</summary>
    Corrupts,

    /// <summary>Says that it has everything and sends nothing.</summary>
    Lies,

    /// <summary>Has everything and never unchokes.</summary>
    Chokes,

    /// <summary>Sends <c>perSecond</c> messages without use.</summary>
    Floods,

    /// <summary>Sends its handshake and everything else a few bytes at a time: <c>perSecond</c> bytes a second.</summary>
    Drips,

    /// <summary>Has nothing, wants nothing, keeps its connection.</summary>
    Idle,

    /// <summary>Has nothing and asks for blocks all the time.</summary>
    FreeRider,

    /// <summary>
    /// A whole engine in a process of its own that downloads and serves, or has everything and serves it, as <c>role</c> says. When it leaves
    /// otherwise than in order, its process is killed.
    /// </summary>
    Engine,

    /// <summary>The 50 peers of the project's first write-up; <c>count</c> is how many such fifties.</summary>
    FirstWriteup,
}
