namespace BencodeNET.Objects;

public enum ExistingKeyAction
{
    Merge,
    Replace,
    Skip,
}
