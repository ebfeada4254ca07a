namespace ActorTorrent.Wire.Metainfo;

/// <summary>A magnet link cannot be used. The message names the part and what is wrong with it.</summary>
public sealed class MagnetFormatException : FormatException
{
    /// <summary>Makes the exception of what is wrong.</summary>
    public MagnetFormatException(string message)
        : base(message)
    {
    }
}
