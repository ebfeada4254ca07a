namespace ActorTorrent.Engine.Tests;

/// <summary>The sources that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>A file or folder of the repository.</summary>
    public static string PathOf(params string[] segments)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Join(folder.FullName, "ActorTorrent.sln")))
                return Path.Join([folder.FullName, .. segments]);
        }
        throw new InvalidOperationException("These tests run below the repository's folder.");
    }
}
