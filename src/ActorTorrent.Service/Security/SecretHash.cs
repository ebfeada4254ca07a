using System.Globalization;
using System.Security.Cryptography;

namespace ActorTorrent.Service.Security;

/// <summary>
/// A password or token as it is kept: salted and hashed by PBKDF2 with SHA-256, as <c>pbkdf2-sha256$ROUNDS$SALT$HASH</c> in base64.
/// </summary>
public static class SecretHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Rounds = 100_000;
    private const int FewestRounds = 1_000;
    private const int MostRounds = 10_000_000;
    private const int Length = 32;

    /// <summary>Hashes a secret with a new salt.</summary>
    /// <param name="secret">The secret.</param>
    public static string Make(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return string.Create(
            CultureInfo.InvariantCulture, $"{Scheme}${Rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(Derive(secret, salt, Rounds))}");
    }

    /// <summary>Whether a text is such a hash.</summary>
    /// <param name="text">The text.</param>
    public static bool IsHash(string text) => TryParse(text, out _, out _, out _);

    /// <summary>Whether a secret is the one that was hashed. Takes the same time whatever it is.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="hash">The hash.</param>
    public static bool Matches(string secret, string hash) =>
        TryParse(hash, out var rounds, out var salt, out var expected)
        && CryptographicOperations.FixedTimeEquals(Derive(secret, salt, rounds), expected);

    private static byte[] Derive(string secret, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(secret, salt, rounds, HashAlgorithmName.SHA256, Length);

    private static bool TryParse(string text, out int rounds, out byte[] salt, out byte[] hash)
    {
        (rounds, salt, hash) = (0, [], []);
        var parts = text.Split('$');
        if (parts is not [Scheme, var count, var saltText, var hashText]
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out rounds)
            || rounds is < FewestRounds or > MostRounds)
        {
            return false;
        }
        Span<byte> buffer = stackalloc byte[64];
        if (!Convert.TryFromBase64String(saltText, buffer, out var written) || written < 8)
            return false;
        salt = buffer[..written].ToArray();
        if (!Convert.TryFromBase64String(hashText, buffer, out written) || written != Length)
            return false;
        hash = buffer[..written].ToArray();
        return true;
    }
}
