using System.Security.Cryptography;
using System.Text;
using ActorTorrent.Service.Options;

namespace ActorTorrent.Service.Security;

/// <summary>
/// Whether a caller is who may use the service: HTTP Basic with user and password, or a bearer token. A secret that was right is remembered
/// as a keyed hash, so that not every request costs the slow one.
/// </summary>
internal sealed class Credentials(AccessSettings settings)
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";
    private const int LongestHeader = 4096;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private byte[]? _goodHeader;
    private byte[]? _goodPassword;
    private byte[]? _goodToken;

    /// <summary>Whether it is the value of an <c>Authorization</c> header that was good last. Takes no time to speak of.</summary>
    public bool Knows(string header) =>
        header.Length <= LongestHeader && Volatile.Read(ref _goodHeader) is { } known && CryptographicOperations.FixedTimeEquals(KeyedHash(header), known);

    /// <summary>Whether the value of an <c>Authorization</c> header proves who the caller is. May take a slow hash.</summary>
    public bool Prove(string? header)
    {
        if (!IsProof(header))
            return false;
        Volatile.Write(ref _goodHeader, KeyedHash(header!));
        return true;
    }

    private bool IsProof(string? header)
    {
        if (header is null || header.Length > LongestHeader)
            return false;
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return settings.TokenHash is { } tokenHash && Matches(header[Bearer.Length..].Trim(), tokenHash, ref _goodToken);
        if (!header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return false;
        Span<byte> bytes = stackalloc byte[LongestHeader];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length))
            return false;
        var pair = Encoding.UTF8.GetString(bytes[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return false;
        var (user, secret) = (pair[..colon], pair[(colon + 1)..]);
        // A token serves as a password too, for clients that know nothing but Basic.
        var isToken = settings.TokenHash is { } hash && Matches(secret, hash, ref _goodToken);
        var isPassword = settings.PasswordHash is { } passwordHash && Matches(secret, passwordHash, ref _goodPassword);
        var isUser = settings.User is { } name
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(user)), SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return isToken || (isPassword & isUser);
    }

    private bool Matches(string secret, string hash, ref byte[]? good)
    {
        var keyed = KeyedHash(secret);
        if (Volatile.Read(ref good) is { } known && CryptographicOperations.FixedTimeEquals(keyed, known))
            return true;
        if (!SecretHash.Matches(secret, hash))
            return false;
        Volatile.Write(ref good, keyed);
        return true;
    }
    private byte[] KeyedHash(string text) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text));
}
