/** An account that is none of ours. */
export const otherAccount = 'arn:aws:iam::999988887777:root';
