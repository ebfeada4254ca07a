namespace ActorTorrent.Engine.Creation;

/// <summary>Whose torrents ours equal, byte for byte of the <c>info</c> value, for the same files and options.</summary>
public enum CreationStyle
{
    /// <summary>mktorrent 1.1's: every file, in the order of the bytes of their paths.</summary>
    Standard,

    /// <summary>
    /// transmission-create 3.00's: no empty and no hidden files, the order of letters without case, <c>private</c> always stated, and its
    /// choice of piece length. Where paths differ in case alone it takes them as the folder happens to list them; we take them by their bytes.
    /// </summary>
    Transmission,
}
