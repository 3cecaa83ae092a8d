"""The mixture: segments as groups of customers who vary around a profile of their own.

features    from columns to normal scores and categories, ties as intervals, missing as unknown
design      the encoded customers, expanded in chunks for matrix products
model       the density (E step) and its best fit (M step)
factors     what varies together within segments: one common factor per basis, with its diagnostic
starts      where EM starts: k-means under different weights of the bases, splits with merges
search      many short starts, few long ones, moves, then all customers
fitted      the mixture found: log-likelihood, criteria, probabilities
estimator   MixtureSegmenter
"""
